import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Modal } from "antd";
import { useTranslation } from "react-i18next";
import { getProfile, removeSecondFactor } from "#api/gen/smartpass/v1/account_http";
import { refresh } from "#api/query";
import { toast } from "#ui/toasts";
import { useReturnFocus } from "#ui/useReturnFocus";
import { PasswordStep } from "./PasswordStep";

export function RemoveFactorDialog({ username, onClose }: { username: string; onClose: () => void }) {
    const { t } = useTranslation("account");
    const client = useQueryClient();
    useReturnFocus();
    const { mutate, error, isPending } = useMutation({
        mutationFn: (password: string) => removeSecondFactor({ password }),
        onSuccess: () => {
            toast("ok", t("factor.removed"));
            refresh(client, getProfile);
            onClose();
        },
    });
    return (
        <Modal open title={t("factor.removeTitle")} footer={null} onCancel={onClose} width={440} destroyOnHidden>
            <PasswordStep
                username={username}
                why={t("factor.removeWhy")}
                action={t("factor.remove")}
                danger
                busy={isPending}
                error={error}
                onSend={mutate}
            />
        </Modal>
    );
}
