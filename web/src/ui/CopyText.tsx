// A text that is to be taken along: selectable, and copied by a button.

import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { CopyIcon } from "./icons";
import { toast } from "./toasts";

interface CopyTextProps {
    text: string;
    /** What the text is, for whoever hears the button. */
    label: string;
}

export function CopyText({ text, label }: CopyTextProps) {
    return (
        <div className="copy-text">
            <code>{text}</code>
            <CopyButton text={text} label={label} />
        </div>
    );
}

export function CopyButton({ text, label }: CopyTextProps) {
    const { t } = useTranslation("ui");
    const copy = async () => {
        try {
            await navigator.clipboard.writeText(text);
            toast("ok", t("copied"));
        } catch {
            // Only pages that are served securely may, and only when the user allows it.
            toast("bad", t("copyFailed"));
        }
    };
    return (
        <Button icon={<CopyIcon />} aria-label={`${t("copy")}: ${label}`} onClick={() => void copy()}>
            {t("copy")}
        </Button>
    );
}
