import { Modal } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

interface ConfirmDialogProps {
    open: boolean;
    title: string;
    /** Names the action, never just "OK". */
    action: string;
    busy: boolean;
    onConfirm: () => void;
    onCancel: () => void;
    children: ReactNode;
}

/** Asks before something that cannot be taken back, and says what will happen. */
export function ConfirmDialog({ open, title, action, busy, onConfirm, onCancel, children }: ConfirmDialogProps) {
    const { t } = useTranslation("ui");
    return (
        <Modal
            open={open}
            title={title}
            okText={action}
            okButtonProps={{ danger: true }}
            cancelText={t("cancel")}
            confirmLoading={busy}
            onOk={onConfirm}
            onCancel={onCancel}
            destroyOnHidden
        >
            {children}
        </Modal>
    );
}
