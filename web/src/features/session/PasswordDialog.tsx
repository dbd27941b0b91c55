import { useQueryClient } from "@tanstack/react-query";
import { Modal } from "antd";
import { useTranslation } from "react-i18next";
import { sessionQuery, useSession } from "#api/session";
import { useReturnFocus } from "#ui/useReturnFocus";
import { PasswordForm } from "./PasswordForm";

interface PasswordDialogProps {
    onClose: () => void;
    onChanged: () => void;
}

/** The change of one's own password from the user menu. */
export default function PasswordDialog({ onClose, onChanged }: PasswordDialogProps) {
    const { t } = useTranslation("session");
    const client = useQueryClient();
    const { username } = useSession();
    useReturnFocus();
    return (
        <Modal open title={t("changeTitleOwn")} footer={null} onCancel={onClose} width={420} destroyOnHidden>
            <PasswordForm
                username={username}
                onChanged={(session) => {
                    client.setQueryData(sessionQuery().queryKey, session);
                    onChanged();
                    onClose();
                }}
            />
        </Modal>
    );
}
