import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Modal } from "antd";
import { useTranslation } from "react-i18next";
import { cancelOperation, getOperation, listOperations, type Operation } from "#api/gen/smartpass/v1/operations_http";
import { refresh } from "#api/query";
import { toast } from "#ui/toasts";
import { useErrorWords } from "#ui/useErrorWords";
import { useReturnFocus } from "#ui/useReturnFocus";
import { useOperationName } from "./useOperationName";

interface CancelDialogProps {
    operation: Operation;
    onClose: () => void;
}

export function CancelDialog({ operation, onClose }: CancelDialogProps) {
    const { t } = useTranslation("operations");
    const client = useQueryClient();
    const words = useErrorWords();
    const nameOf = useOperationName();
    useReturnFocus();
    const { mutate, isPending } = useMutation({
        mutationFn: () => cancelOperation({ id: operation.id }),
        onSuccess: () => toast("ok", t("cancelAsked")),
        onError: (error) => toast("bad", words(error)),
        onSettled: () => {
            refresh(client, listOperations, getOperation);
            onClose();
        },
    });
    return (
        <Modal
            open
            title={t("cancelTitle", { name: nameOf(operation) })}
            okText={t("cancelAction")}
            okButtonProps={{ danger: true }}
            cancelText={t("keepGoing")}
            confirmLoading={isPending}
            onOk={() => mutate()}
            onCancel={onClose}
            destroyOnHidden
        >
            <p>{t("cancelHint")}</p>
        </Modal>
    );
}
