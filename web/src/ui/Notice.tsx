// What stands in place of content that is not there.

import { Button } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useErrorWords } from "./useErrorWords";

interface NoticeProps {
    title: string;
    children?: ReactNode;
    action?: ReactNode;
}

export function Notice({ title, children, action }: NoticeProps) {
    return (
        <div className="notice">
            <p className="notice-title">{title}</p>
            {children && <div className="meta">{children}</div>}
            {action}
        </div>
    );
}

export function Failure({ error, onRetry }: { error: unknown; onRetry: () => void }) {
    const { t } = useTranslation("ui");
    const words = useErrorWords();
    return (
        <div role="alert">
            <Notice title={t("failed")} action={<Button onClick={onRetry}>{t("retry")}</Button>}>
                {words(error)}
            </Notice>
        </div>
    );
}

/** A list without rows: `filtered` when it is the filter that hides them. */
interface EmptyListProps {
    filtered: boolean;
    nothing: string;
    /** How the first one gets here. */
    hint?: string;
    noMatch: string;
    action?: ReactNode;
    onClear: () => void;
}

export function EmptyList({ filtered, nothing, hint, noMatch, action, onClear }: EmptyListProps) {
    const { t } = useTranslation("ui");
    if (!filtered)
        return (
            <Notice title={nothing} action={action}>
                {hint}
            </Notice>
        );
    return <Notice title={noMatch} action={<Button onClick={onClear}>{t("clearFilters")}</Button>} />;
}
