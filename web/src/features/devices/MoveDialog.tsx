import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Button, Form, Modal, Select } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { batchMoveDevices, type Device, getDevice, listDevices } from "#api/gen/smartpass/v1/devices_http";
import { getFleetHealth } from "#api/gen/smartpass/v1/monitor_http";
import { refresh } from "#api/query";
import { GroupSelect } from "#ui/GroupSelect";
import { useGroups, useSections } from "#ui/GroupTree";
import { OtherRefusal } from "#ui/refusals";
import { toast } from "#ui/toasts";
import { useReturnFocus } from "#ui/useReturnFocus";
import { Outcomes } from "./Outcomes";

interface MoveDialogProps {
    devices: readonly Device[];
    onDone: () => void;
    onClose: () => void;
}

export default function MoveDialog({ devices, onDone, onClose }: MoveDialogProps) {
    const { t } = useTranslation("devices");
    const { t: ui } = useTranslation("ui");
    const client = useQueryClient();
    const groups = useGroups();
    const [first] = devices;
    const [group, setGroup] = useState(first?.groupId ?? "");
    const [section, setSection] = useState("0");
    const sections = useSections("MODULE_DEVICES").filter(({ groupId }) => groupId === group);
    const moving = useMutation({
        mutationFn: () => batchMoveDevices({ ids: devices.map(({ id }) => id), groupId: group, sectionId: section }),
        onSuccess: ({ outcomes }) => {
            refresh(client, listDevices, getDevice, getFleetHealth);
            if (outcomes.some(({ reason }) => reason !== "")) return;
            toast("ok", t("move.moved", { count: outcomes.length }));
            onDone();
        },
    });
    useReturnFocus();

    const outcomes = moving.data?.outcomes;
    return (
        <Modal
            open
            title={t("move.title", { count: devices.length })}
            onCancel={outcomes ? onDone : onClose}
            footer={
                outcomes ? (
                    <Button type="primary" onClick={onDone}>
                        {ui("close")}
                    </Button>
                ) : (
                    <>
                        <Button onClick={onClose}>{ui("cancel")}</Button>
                        <Button
                            type="primary"
                            loading={moving.isPending}
                            disabled={group === ""}
                            onClick={() => moving.mutate()}
                        >
                            {t("move.action")}
                        </Button>
                    </>
                )
            }
        >
            {outcomes ? (
                <Outcomes outcomes={outcomes} />
            ) : (
                <Form layout="vertical">
                    <OtherRefusal error={moving.error} fields={{}} words="devices" />
                    <Form.Item label={t("move.target")} htmlFor="move-group">
                        <GroupSelect
                            id="move-group"
                            groups={groups}
                            value={group}
                            autoFocus
                            onChange={(id) => {
                                setGroup(id);
                                // Sections are the group's own.
                                setSection("0");
                            }}
                        />
                    </Form.Item>
                    {sections.length > 0 && (
                        <Form.Item label={t("move.section")} htmlFor="move-section">
                            <Select
                                id="move-section"
                                value={section}
                                onChange={setSection}
                                options={[
                                    { value: "0", label: t("move.defaultSection") },
                                    ...sections.map(({ id, name }) => ({ value: id, label: name })),
                                ]}
                            />
                        </Form.Item>
                    )}
                    <p className="meta">{t("move.hint")}</p>
                </Form>
            )}
        </Modal>
    );
}
