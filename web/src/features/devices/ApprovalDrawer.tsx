// A terminal that waits: what is known of it, what is unsafe on it, and two ways to accept it.

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Alert, Form } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { approveDevice, type Device, getDevice, listDevices, replaceDevice } from "#api/gen/smartpass/v1/devices_http";
import { getFleetHealth } from "#api/gen/smartpass/v1/monitor_http";
import { listGrants } from "#api/gen/smartpass/v1/pass_http";
import { query, refresh } from "#api/query";
import { DeviceSelect } from "#ui/DeviceSelect";
import { GuardedButton } from "#ui/GuardedButton";
import { LoadedDrawer } from "#ui/LoadedDrawer";
import { DeviceStatePill } from "#ui/PassMarks";
import { OtherRefusal } from "#ui/refusals";
import { toast } from "#ui/toasts";
import { DeviceFacts, Risks } from "./DeviceFacts";

interface ApprovalDrawerProps {
    id: string;
    onClose: () => void;
}

export default function ApprovalDrawer({ id, onClose }: ApprovalDrawerProps) {
    const { t } = useTranslation("devices");
    const { data, error, refetch } = useQuery({ ...query(getDevice, { id }), staleTime: 0 });
    return (
        <LoadedDrawer
            open
            title={t("approval.title", { name: data?.name ?? "" })}
            size={520}
            ready={data !== undefined}
            error={error}
            onRetry={() => void refetch()}
            onClose={onClose}
        >
            {data && <Approval device={data} onClose={onClose} />}
        </LoadedDrawer>
    );
}

function Approval({ device, onClose }: { device: Device; onClose: () => void }) {
    const { t } = useTranslation("devices");
    const client = useQueryClient();
    const [broken, setBroken] = useState("");
    const accepting = useMutation({
        mutationFn: (instead: string) =>
            instead ? replaceDevice({ id: instead, byId: device.id }) : approveDevice({ id: device.id }),
        onSuccess: ({ name }, instead) => {
            toast("ok", t(instead ? "approval.replaced" : "approval.done", { name }));
            refresh(client, listDevices, getDevice, getFleetHealth, listGrants);
            onClose();
        },
    });
    const approved = device.waiting ? undefined : t("approval.approvedAlready");
    return (
        <>
            <p className="form-note">{t("approval.intro")}</p>
            <DeviceStatePill state={device.state} />
            <DeviceFacts device={device} />
            <h2 className="section-title">{t("approval.risks")}</h2>
            {device.risks.length === 0 ? <p>{t("approval.noRisks")}</p> : <Risks risks={device.risks} />}
            <OtherRefusal error={accepting.error} fields={{}} words="devices" />
            {approved && <Alert className="form-alert" type="info" title={approved} />}
            <p className="approval-action">
                <GuardedButton
                    type="primary"
                    call={approveDevice}
                    blocked={approved}
                    loading={accepting.isPending && accepting.variables === ""}
                    onClick={() => accepting.mutate("")}
                >
                    {t("approval.action")}
                </GuardedButton>
            </p>
            <h2 className="section-title">{t("approval.replace")}</h2>
            <p>{t("approval.replaceHint")}</p>
            <Form layout="vertical" className="approval-replace">
                <Form.Item label={t("approval.broken")}>
                    <DeviceSelect
                        label={t("approval.broken")}
                        state="DEVICE_STATE_OFFLINE"
                        except={device.id}
                        value={broken}
                        onChange={setBroken}
                        wide
                    />
                </Form.Item>
                <GuardedButton
                    danger
                    call={replaceDevice}
                    blocked={approved ?? (broken === "" ? t("approval.chooseBroken") : undefined)}
                    loading={accepting.isPending && accepting.variables !== ""}
                    onClick={() => accepting.mutate(broken)}
                >
                    {t("approval.replaceAction")}
                </GuardedButton>
            </Form>
        </>
    );
}
