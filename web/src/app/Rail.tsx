// The way to every page.

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, type LinkProps } from "@tanstack/react-router";
import { type ReactNode, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { listAuditRows } from "#api/gen/smartpass/v1/audit_http";
import { listDevices } from "#api/gen/smartpass/v1/devices_http";
import { listEnterprises } from "#api/gen/smartpass/v1/enterprises_http";
import { createGroup, createSection } from "#api/gen/smartpass/v1/org_http";
import { getIdentityProvider } from "#api/gen/smartpass/v1/session_http";
import { listRoles, listUsers } from "#api/gen/smartpass/v1/users_http";
import { query, refresh } from "#api/query";
import { may, useSession } from "#api/session";
import {
    AuditIcon,
    ConsoleIcon,
    CrossIcon,
    DeviceIcon,
    EnterpriseIcon,
    GrantIcon,
    GroupIcon,
    KeyIcon,
    LogoIcon,
    PersonIcon,
    RecordIcon,
    RoleIcon,
    UserIcon,
} from "#ui/icons";
import { useLiveEvents, useThrottled } from "#ui/useLive";

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
            <ul className="nav">
                <Entry to="/" icon={<ConsoleIcon />} label={t("nav.console")} {...(onNavigate && { onNavigate })} />
                <Entry to="/devices" icon={<DeviceIcon />} label={t("nav.devices")} {...(onNavigate && { onNavigate })}>
                    {offline > 0 && (
                        <span className="badge" title={t("offlineDevices", { count: offline })}>
                            <span aria-hidden="true">{offline}</span>
                            <span className="sr-only">{t("offlineDevices", { count: offline })}</span>
                        </span>
                    )}
                </Entry>
            </ul>
            <h2 className="nav-title">{t("nav.people")}</h2>
            <ul className="nav">
                <Entry
                    to="/employees"
                    icon={<PersonIcon />}
                    label={t("nav.employees")}
                    {...(onNavigate && { onNavigate })}
                />
            </ul>
            <h2 className="nav-title">{t("nav.access")}</h2>
            <ul className="nav">
                <Entry to="/passes" icon={<RecordIcon />} label={t("nav.passes")} {...(onNavigate && { onNavigate })} />
                <Entry to="/grants" icon={<GrantIcon />} label={t("nav.grants")} {...(onNavigate && { onNavigate })} />
            </ul>
            <Administration {...(onNavigate && { onNavigate })} />
        </nav>
    );
}

/** Each entry is there for those who may do something behind it. */
function Administration(navigate: { onNavigate?: () => void }) {
    const { t } = useTranslation();
    const session = useSession();
    const editsGroups = may(session, createGroup) || may(session, createSection);
    const entries = [
        editsGroups && <Entry key="groups" to="/groups" icon={<GroupIcon />} label={t("nav.groups")} {...navigate} />,
        may(session, listUsers) && (
            <Entry key="users" to="/users" icon={<UserIcon />} label={t("nav.users")} {...navigate} />
        ),
        may(session, listRoles) && (
            <Entry key="roles" to="/roles" icon={<RoleIcon />} label={t("nav.roles")} {...navigate} />
        ),
        may(session, listAuditRows) && (
            <Entry key="audit" to="/audit" icon={<AuditIcon />} label={t("nav.audit")} {...navigate} />
        ),
        may(session, listEnterprises) && (
            <Entry
                key="enterprises"
                to="/enterprises"
                icon={<EnterpriseIcon />}
                label={t("nav.enterprises")}
                {...navigate}
            />
        ),
        may(session, getIdentityProvider) && (
            <Entry key="identity" to="/identity" icon={<KeyIcon />} label={t("nav.identity")} {...navigate} />
        ),
    ].filter(Boolean);
    if (entries.length === 0) return null;
    return (
        <>
            <h2 className="nav-title">{t("nav.administration")}</h2>
            <ul className="nav">{entries}</ul>
        </>
    );
}

interface EntryProps {
    to: NonNullable<LinkProps["to"]>;
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
