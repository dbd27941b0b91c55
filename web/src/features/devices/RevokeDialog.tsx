import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { type Device, getDevice, listDevices, revokeDevice } from "#api/gen/smartpass/v1/devices_http";
import { getFleetHealth } from "#api/gen/smartpass/v1/monitor_http";
import { refresh } from "#api/query";
import { ConfirmDialog } from "#ui/ConfirmDialog";
import { OtherRefusal } from "#ui/refusals";
import { toast } from "#ui/toasts";
import { useReturnFocus } from "#ui/useReturnFocus";

export default function RevokeDialog({ device: { id, name }, onClose }: { device: Device; onClose: () => void }) {
    const { t } = useTranslation("devices");
    const client = useQueryClient();
    const { mutate, isPending, error } = useMutation({
        mutationFn: () => revokeDevice({ id }),
        onSuccess: () => {
            toast("ok", t("revoke.done", { name }));
            refresh(client, listDevices, getDevice, getFleetHealth);
            onClose();
        },
    });
    useReturnFocus();
    return (
        <ConfirmDialog
            open
            title={t("revoke.title", { name })}
            action={t("revoke.action")}
            busy={isPending}
            onConfirm={() => mutate()}
            onCancel={onClose}
        >
            <OtherRefusal error={error} fields={{}} words="devices" />
            <p>{t("revoke.hint")}</p>
        </ConfirmDialog>
    );
}
