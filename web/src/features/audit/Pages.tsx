// The way through the log, page by page. Each page begins behind a row, not at a number: the log grows at its head while
// it is read, and no row is shown twice or skipped. The way back is kept in the history entry.

import { useNavigate, useRouterState } from "@tanstack/react-router";
import { Select } from "antd";
import { useTranslation } from "react-i18next";
import { PAGE_SIZES } from "#lib/search";
import { ReasonButton } from "#ui/GuardedButton";
import { LeftIcon, RightIcon } from "#ui/icons";
import type { AuditSearch } from "./search";

declare module "@tanstack/react-router" {
    interface HistoryState {
        /** The pages that were passed on the way to this one, the newest first. */
        auditTrail?: readonly string[];
    }
}

interface PagesProps {
    search: AuditSearch;
    size: number;
    /** The token of the page of older rows; "": there is none. */
    next: string;
    onSize: (size: number) => void;
}

export function Pages({ search, size, next, onSize }: PagesProps) {
    const { t } = useTranslation("audit");
    const navigate = useNavigate({ from: "/audit" });
    const trail = useRouterState({ select: ({ location }) => location.state.auditTrail ?? [] });
    const go = (after: string, auditTrail: readonly string[]) =>
        void navigate({ search: (now) => ({ ...now, after, show: "" }), state: { auditTrail } });

    const first = search.after === "";
    const newerBlock = first ? t("onFirst") : trail.length === 0 ? t("newerUnknown") : undefined;
    return (
        <nav className="audit-pages" aria-label={t("pages")}>
            <Select
                className="audit-size"
                aria-label={t("rows")}
                value={size}
                options={PAGE_SIZES.map((value) => ({ value, label: t("perPage", { count: value }) }))}
                popupMatchSelectWidth={false}
                onChange={onSize}
            />
            <ReasonButton reason={first ? t("onFirst") : undefined} onClick={() => go("", [])}>
                {t("newest")}
            </ReasonButton>
            <ReasonButton
                icon={<LeftIcon />}
                reason={newerBlock}
                onClick={() => go(trail.at(-1) ?? "", trail.slice(0, -1))}
            >
                {t("newer")}
            </ReasonButton>
            <ReasonButton
                icon={<RightIcon />}
                reason={next === "" ? t("onLast") : undefined}
                onClick={() => go(next, [...trail, search.after])}
            >
                {t("older")}
            </ReasonButton>
        </nav>
    );
}
