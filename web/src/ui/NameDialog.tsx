// Asks for one name: to create something or to rename it.

import { Input } from "antd";
import { useTranslation } from "react-i18next";
import { FieldDialog } from "./FieldDialog";
import { fittingText, requiredText } from "./textRules";

interface NameDialogProps {
    title: string;
    label: string;
    /** Names the action, never just "OK". */
    action: string;
    initial?: string;
    maxBytes: number;
    /** The proto path of the name, e.g. "group.name". */
    field: string;
    /** The page's words; its `violation` list says what is wrong with a name. */
    words: string;
    save: (name: string) => Promise<unknown>;
    onClose: () => void;
}

export function NameDialog({ initial = "", maxBytes, field, ...dialog }: NameDialogProps) {
    const { t } = useTranslation("ui");
    return (
        <FieldDialog
            {...dialog}
            initial={initial}
            rules={[requiredText(t("error.FIELD_REQUIRED")), fittingText(maxBytes, t("tooLong"))]}
            refusedAt={[field]}
        >
            <Input autoComplete="off" autoFocus />
        </FieldDialog>
    );
}
