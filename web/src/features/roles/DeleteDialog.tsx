import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { deleteRole, listRoles, type Role } from "#api/gen/smartpass/v1/users_http";
import { refresh } from "#api/query";
import { ConfirmDialog } from "#ui/ConfirmDialog";
import { useRefusalWords } from "#ui/refusals";
import { toast } from "#ui/toasts";
import { useReturnFocus } from "#ui/useReturnFocus";

export function DeleteDialog({ role, onClose }: { role: Role; onClose: () => void }) {
    const { t } = useTranslation("roles");
    const client = useQueryClient();
    const words = useRefusalWords("roles");
    useReturnFocus();
    const { mutate, isPending } = useMutation({
        mutationFn: () => deleteRole({ id: role.id }),
        onSuccess: () => toast("ok", t("deleted", { name: role.name })),
        onError: (error) => toast("bad", words(error)),
        onSettled: () => {
            refresh(client, listRoles);
            onClose();
        },
    });
    return (
        <ConfirmDialog
            open
            title={t("deleteTitle", { name: role.name })}
            action={t("delete")}
            busy={isPending}
            onConfirm={() => mutate()}
            onCancel={onClose}
        >
            {t("deleteHint")}
        </ConfirmDialog>
    );
}
