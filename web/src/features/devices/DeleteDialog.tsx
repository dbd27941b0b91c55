import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Alert, Button, Modal } from "antd";
import { useTranslation } from "react-i18next";
import { batchDeleteDevices, type Device, getDevice, listDevices } from "#api/gen/smartpass/v1/devices_http";
import { getFleetHealth } from "#api/gen/smartpass/v1/monitor_http";
import { listGrants } from "#api/gen/smartpass/v1/pass_http";
import { refresh } from "#api/query";
import { OtherRefusal } from "#ui/refusals";
import { toast } from "#ui/toasts";
import { useReturnFocus } from "#ui/useReturnFocus";
import { Outcomes } from "./Outcomes";

interface DeleteDialogProps {
    devices: readonly Device[];
    onDone: () => void;
    onClose: () => void;
}

/** Those that are online stay; afterwards it says so of each. */
export default function DeleteDialog({ devices, onDone, onClose }: DeleteDialogProps) {
    const { t } = useTranslation("devices");
    const { t: ui } = useTranslation("ui");
    const client = useQueryClient();
    const deleting = useMutation({
        mutationFn: () => batchDeleteDevices({ ids: devices.map(({ id }) => id) }),
        onSuccess: ({ outcomes }) => {
            refresh(client, listDevices, listGrants, getFleetHealth);
            const gone = outcomes.filter(({ reason }) => reason === "");
            for (const { id } of gone) client.removeQueries({ queryKey: [getDevice.method.name, { id }] });
            if (gone.length < outcomes.length) return;
            const [only] = gone;
            toast(
                "ok",
                gone.length === 1
                    ? t("deleting.done", { name: only?.name ?? "" })
                    : t("deleting.doneMany", { count: gone.length }),
            );
            onDone();
        },
    });
    useReturnFocus();

    const outcomes = deleting.data?.outcomes;
    const online = devices.filter(({ state }) => state === "DEVICE_STATE_ONLINE").length;
    const holds = devices.reduce((people, { peopleCount }) => people + peopleCount, 0);
    const [first] = devices;
    return (
        <Modal
            open
            title={
                devices.length === 1
                    ? t("deleting.titleOne", { name: first?.name ?? "" })
                    : t("deleting.title", { count: devices.length })
            }
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
                            danger
                            type="primary"
                            loading={deleting.isPending}
                            disabled={online === devices.length}
                            onClick={() => deleting.mutate()}
                        >
                            {t("deleting.action")}
                        </Button>
                    </>
                )
            }
        >
            {outcomes ? (
                <Outcomes outcomes={outcomes} />
            ) : (
                <>
                    <OtherRefusal error={deleting.error} fields={{}} words="devices" />
                    {online > 0 && (
                        <Alert className="form-alert" type="warning" title={t("deleting.online", { count: online })} />
                    )}
                    {holds > 0 && <p>{t("deleting.holds", { count: holds })}</p>}
                    <p>{t("deleting.hint")}</p>
                </>
            )}
        </Modal>
    );
}
