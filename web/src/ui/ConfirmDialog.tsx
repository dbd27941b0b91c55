import { Modal } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

interface ConfirmDialogProps {
    open: boolean;
    title: string;
    /** Names the action, never just "OK". */
    action: string;
    busy: boolean;
    /** It can be taken back: the button is not red. */
    harmless?: boolean;
    /** It cannot be confirmed yet; what is missing is said inside. */
    blocked?: boolean;
    onConfirm: () => void;
    onCancel: () => void;
    children: ReactNode;
}

/** Asks before something that cannot be taken back, and says what will happen. */
export function ConfirmDialog(props: ConfirmDialogProps) {
    const { open, title, action, busy, harmless = false, blocked = false, onConfirm, onCancel, children } = props;
    const { t } = useTranslation("ui");
    return (
        <Modal
            open={open}
            title={title}
            okText={action}
            okButtonProps={{ danger: !harmless, disabled: blocked }}
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
