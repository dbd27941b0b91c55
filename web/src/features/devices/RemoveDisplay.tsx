import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { type Display, deleteDisplay, listDisplays } from "#api/gen/smartpass/v1/displays_http";
import { refresh } from "#api/query";
import { ConfirmDialog } from "#ui/ConfirmDialog";
import { OtherRefusal } from "#ui/refusals";
import { toast } from "#ui/toasts";
import { useReturnFocus } from "#ui/useReturnFocus";

export default function RemoveDisplay({ display, onClose }: { display: Display; onClose: () => void }) {
    const { t } = useTranslation("displays");
    const client = useQueryClient();
    const { mutate, isPending, error } = useMutation({
        mutationFn: () => deleteDisplay({ id: display.id }),
        onSuccess: () => {
            toast("ok", t("removed"));
            refresh(client, listDisplays);
            onClose();
        },
    });
    useReturnFocus();
    return (
        <ConfirmDialog
            open
            title={t("removeTitle")}
            action={t("remove")}
            busy={isPending}
            onConfirm={() => mutate()}
            onCancel={onClose}
        >
            <OtherRefusal error={error} fields={{}} words="displays" />
            <p>{t("removeHint")}</p>
        </ConfirmDialog>
    );
}
