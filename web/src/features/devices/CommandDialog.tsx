// Asks before terminals are told to do something, then shows what becomes of it on each.

import "./commandWords";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Alert, Button, Checkbox, Form, Input, Modal } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { listCommands, type SendCommandsResponse } from "#api/gen/smartpass/v1/commands_http";
import { type Device, listDevices } from "#api/gen/smartpass/v1/devices_http";
import { query, refresh } from "#api/query";
import { useRefusalWords } from "#ui/refusals";
import { useReturnFocus } from "#ui/useReturnFocus";
import { CommandProgress } from "./CommandProgress";
import { type Order, send, stayOpen } from "./commands";
import type { Target } from "./target";

interface CommandDialogProps {
    order: Order;
    target: Target;
    /** What the list knows of the terminals; of a group nothing. */
    devices: readonly Device[];
    onClose: () => void;
}

export default function CommandDialog({ order: asked, target, devices, onClose }: CommandDialogProps) {
    const { t } = useTranslation("commands");
    const { t: ui } = useTranslation("ui");
    const client = useQueryClient();
    const [order, setOrder] = useState(asked);
    const [typed, setTyped] = useState("");
    const [signOut, setSignOut] = useState(false);
    const count = useCount(target);
    const proof = proofOf(order, target, count);
    const sending = useMutation({
        mutationFn: (what: Order) => send(what, target, { count: count ?? 0, signOut }),
        onSuccess: () => refresh(client, listCommands),
    });
    useReturnFocus();

    const go = (what: Order) => {
        setOrder(what);
        sending.mutate(what);
    };
    const answer = sending.data;
    const question = useTitle(order, target, count);
    const opens = order === "COMMAND_KIND_OPEN_DOOR";
    const blocked = count === undefined || (proof !== undefined && typed !== proof);
    return (
        <Modal
            open
            title={answer ? t(`kind.${order}`) : question}
            width={560}
            onCancel={onClose}
            footer={
                answer ? (
                    <>
                        {opens && stayOpen(devices).length > 0 && (
                            <Button loading={sending.isPending} onClick={() => go("COMMAND_KIND_CLOSE_DOOR")}>
                                {t("closeAgain")}
                            </Button>
                        )}
                        <Button type="primary" onClick={onClose}>
                            {ui("close")}
                        </Button>
                    </>
                ) : (
                    <>
                        <Button onClick={onClose}>{ui("cancel")}</Button>
                        <Button
                            type="primary"
                            danger={order === "COMMAND_KIND_SHUT_DOWN" || order === "COMMAND_KIND_RESET"}
                            disabled={blocked}
                            loading={sending.isPending}
                            onClick={() => go(order)}
                        >
                            {t(`action.${order}`)}
                        </Button>
                    </>
                )
            }
        >
            {answer ? (
                <Sent answer={answer} order={order} />
            ) : (
                <>
                    {sending.error && <Refusal error={sending.error} />}
                    <Consequences order={order} target={target} devices={devices} count={count} />
                    {order === "COMMAND_KIND_RESET" && (
                        <ResetFields
                            target={target}
                            proof={proof}
                            typed={typed}
                            onType={setTyped}
                            signOut={signOut}
                            onSignOut={setSignOut}
                            onSubmit={() => !blocked && go(order)}
                        />
                    )}
                </>
            )}
        </Modal>
    );
}

function Sent({ answer, order }: { answer: SendCommandsResponse; order: Order }) {
    return <CommandProgress key={answer.batchId} batchId={answer.batchId} first={answer.commands} order={order} />;
}

/** How many terminals there are; undefined while a group is being counted. */
function useCount(target: Target): number | undefined {
    const group = target.kind === "group" ? target.id : "";
    const { data } = useQuery({
        ...query(listDevices, { groupId: group, pageSize: 1 }),
        enabled: group !== "",
        staleTime: 0,
    });
    return target.kind === "devices" ? target.devices.length : data?.totalSize;
}

/** What must be typed before a reset: the name of one terminal, the number of several. */
function proofOf(order: Order, target: Target, count: number | undefined): string | undefined {
    if (order !== "COMMAND_KIND_RESET") return undefined;
    const only = target.kind === "devices" && target.devices.length === 1 ? target.devices[0] : undefined;
    return only ? only.name : String(count ?? "");
}

function useTitle(order: Order, target: Target, count: number | undefined): string {
    const { t } = useTranslation("commands");
    const only = target.kind === "devices" && target.devices.length === 1 ? target.devices[0] : undefined;
    if (only) return t(`ask.${order}.one`, { name: only.name });
    return t(`ask.${order}.many`, { count: count ?? 0 });
}

interface ConsequencesProps {
    order: Order;
    target: Target;
    devices: readonly Device[];
    count: number | undefined;
}

const MOST_NAMES = 5;

function Consequences({ order, target, devices, count }: ConsequencesProps) {
    const { t } = useTranslation("commands");
    const open = order === "COMMAND_KIND_OPEN_DOOR" ? stayOpen(devices) : [];
    const offline = devices.filter(({ state }) => state !== "DEVICE_STATE_ONLINE").length;
    const names = open.slice(0, MOST_NAMES).map(({ name }) => name);
    if (open.length > MOST_NAMES) names.push("…");
    return (
        <>
            {target.kind === "group" && count === 0 && (
                <Alert className="form-alert" type="warning" title={t("error.NO_DEVICE")} />
            )}
            {open.length > 0 && (
                <Alert
                    className="form-alert"
                    type="warning"
                    title={t("staysOpen", { count: open.length, names: names.join(", ") })}
                />
            )}
            {offline > 0 && (
                <Alert className="form-alert" type="warning" title={t("offlineSome", { count: offline })} />
            )}
            {target.kind === "group" && !!count && <p>{t("ofGroup", { count, group: target.name })}</p>}
            <p>{t(`ask.${order}.hint`)}</p>
        </>
    );
}

interface ResetFieldsProps {
    target: Target;
    proof: string | undefined;
    typed: string;
    onType: (typed: string) => void;
    signOut: boolean;
    onSignOut: (on: boolean) => void;
    onSubmit: () => void;
}

function ResetFields({ target, proof = "", typed, onType, signOut, onSignOut, onSubmit }: ResetFieldsProps) {
    const { t } = useTranslation("commands");
    const one = target.kind === "devices" && target.devices.length === 1;
    const wrong = typed !== "" && !proof.startsWith(typed);
    return (
        <Form layout="vertical" className="form-note" onFinish={onSubmit}>
            <Form.Item extra={t("signOutHint")}>
                <Checkbox checked={signOut} onChange={(event) => onSignOut(event.target.checked)}>
                    {t("signOut")}
                </Checkbox>
            </Form.Item>
            <Form.Item
                label={one ? t("confirmName", { name: proof }) : t("confirmCount", { count: Number(proof) })}
                htmlFor="confirm-reset"
                validateStatus={wrong ? "error" : ""}
                help={wrong && <span role="alert">{t(one ? "nameDiffers" : "countDiffers")}</span>}
            >
                <Input
                    id="confirm-reset"
                    autoComplete="off"
                    spellCheck={false}
                    value={typed}
                    onChange={(event) => onType(event.target.value)}
                />
            </Form.Item>
        </Form>
    );
}

function Refusal({ error }: { error: unknown }) {
    const words = useRefusalWords("commands");
    return <Alert className="form-alert" type="error" title={words(error)} role="alert" />;
}
