import { Button } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

interface BulkBarProps {
    count: number;
    onClear: () => void;
    children: ReactNode;
}

/** Takes the place of the filters while rows are selected. */
export function BulkBar({ count, onClear, children }: BulkBarProps) {
    const { t } = useTranslation("ui");
    return (
        <div className="bulk-bar">
            <strong aria-live="polite">{t("selected", { count })}</strong>
            {children}
            <Button type="text" onClick={onClear}>
                {t("clearSelection")}
            </Button>
        </div>
    );
}
