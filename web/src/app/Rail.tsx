// The way to every page.

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Fragment, type ReactNode, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { listDevices } from "#api/gen/smartpass/v1/devices_http";
import { query, refresh } from "#api/query";
import { may, useSession } from "#api/session";
import { CrossIcon, LogoIcon } from "#ui/icons";
import { useLiveEvents, useThrottled } from "#ui/useLive";
import { type PageEntry, pagesFor } from "./pages";

export function Rail() {
    return (
        <aside className="rail">
            <Brand />
            <Entries />
        </aside>
    );
}

interface RailDialogProps {
    open: boolean;
    onClose: () => void;
}

/** The rail of a phone: a dialog, so that focus and the escape key behave by themselves. */
export function RailDialog({ open, onClose }: RailDialogProps) {
    const { t } = useTranslation();
    const dialog = useRef<HTMLDialogElement>(null);
    useEffect(() => {
        if (open) dialog.current?.showModal();
        else dialog.current?.close();
    }, [open]);
    return (
        <dialog ref={dialog} className="rail-dialog" aria-label={t("menu")} onClose={onClose}>
            <div className="rail-dialog-head">
                <Brand />
                <button type="button" className="icon-button" aria-label={t("close", { ns: "ui" })} onClick={onClose}>
                    <CrossIcon />
                </button>
            </div>
            {open && <Entries onNavigate={onClose} />}
        </dialog>
    );
}

function Brand() {
    const { t } = useTranslation();
    return (
        <div className="brand">
            <LogoIcon />
            {t("product")}
        </div>
    );
}

function Entries({ onNavigate }: { onNavigate?: () => void }) {
    const { t } = useTranslation();
    const offline = useOfflineCount();
    return (
        <nav aria-label={t("menu")}>
            {pagesFor(useSession()).map(({ word, pages }) => (
                <Fragment key={word ?? "first"}>
                    {word && <h2 className="nav-title">{t(`nav.${word}`)}</h2>}
                    <ul className="nav">
                        {pages.map((page) => (
                            <Entry
                                key={page.to}
                                to={page.to}
                                icon={page.icon}
                                label={t(`nav.${page.word}`)}
                                {...(onNavigate && { onNavigate })}
                            >
                                {page.to === "/devices" && offline > 0 && <OfflineBadge count={offline} />}
                            </Entry>
                        ))}
                    </ul>
                </Fragment>
            ))}
        </nav>
    );
}

function OfflineBadge({ count }: { count: number }) {
    const { t } = useTranslation();
    return (
        <span className="badge" title={t("offlineDevices", { count })}>
            <span aria-hidden="true">{count}</span>
            <span className="sr-only">{t("offlineDevices", { count })}</span>
        </span>
    );
}

interface EntryProps {
    to: PageEntry["to"];
    icon: ReactNode;
    label: string;
    onNavigate?: () => void;
    children?: ReactNode;
}

/** Leads to the page without any filter: that is also how one gets rid of them. */
function Entry({ to, icon, label, onNavigate, children }: EntryProps) {
    return (
        <li>
            <Link
                to={to}
                className="nav-link"
                activeOptions={{ exact: true, includeSearch: false }}
                {...(onNavigate && { onClick: onNavigate })}
            >
                {icon}
                <span>{label}</span>
                {children}
            </Link>
        </li>
    );
}

const REFRESH_MS = 2_000;

function useOfflineCount(): number {
    const client = useQueryClient();
    const enabled = may(useSession(), listDevices);
    const { data } = useQuery({
        ...query(listDevices, { state: "DEVICE_STATE_OFFLINE", pageSize: 1 }),
        enabled,
    });
    const reload = useThrottled(() => refresh(client, listDevices), REFRESH_MS);
    useLiveEvents((event) => {
        if (event.device && enabled) reload();
    });
    return data?.totalSize ?? 0;
}
