// Which pages there are, and for whom: somebody sees those behind which the server lets them do something.

import type { LinkProps } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { listAuditRows } from "#api/gen/smartpass/v1/audit_http";
import { listBlacklistEntries } from "#api/gen/smartpass/v1/blacklist_http";
import { getSummary } from "#api/gen/smartpass/v1/console_http";
import { listDevices } from "#api/gen/smartpass/v1/devices_http";
import { listEnterprises } from "#api/gen/smartpass/v1/enterprises_http";
import { listAlarms } from "#api/gen/smartpass/v1/monitor_http";
import { createGroup, createSection } from "#api/gen/smartpass/v1/org_http";
import { createRollout, listPackages } from "#api/gen/smartpass/v1/packages_http";
import { listGrants, listPasses } from "#api/gen/smartpass/v1/pass_http";
import { listEmployees, listErasures } from "#api/gen/smartpass/v1/people_http";
import { getIdentityProvider } from "#api/gen/smartpass/v1/session_http";
import { listRoles, listUsers } from "#api/gen/smartpass/v1/users_http";
import { listVisitors } from "#api/gen/smartpass/v1/visitors_http";
import { may, type Session } from "#api/session";
import type { Method } from "#api/transport";
import {
    AuditIcon,
    BellIcon,
    BlacklistIcon,
    ConsoleIcon,
    DeviceIcon,
    EnterpriseIcon,
    GrantIcon,
    GroupIcon,
    KeyIcon,
    PackageIcon,
    PersonIcon,
    ReceiptIcon,
    RecordIcon,
    RoleIcon,
    RolloutIcon,
    UserIcon,
    VisitorIcon,
} from "#ui/icons";
import type { en } from "./messages.en";

type NavWord = keyof (typeof en)["nav"];

export interface PageEntry {
    readonly to: NonNullable<LinkProps["to"]>;
    readonly word: NavWord;
    readonly icon: ReactNode;
    /** Whoever may make one of these calls sees the page. */
    readonly calls: readonly { readonly method: Method }[];
}

export interface PageSection {
    readonly word: NavWord | undefined;
    readonly pages: readonly PageEntry[];
}

const sections: readonly PageSection[] = [
    {
        word: undefined,
        pages: [
            { to: "/", word: "console", icon: <ConsoleIcon />, calls: [getSummary] },
            { to: "/devices", word: "devices", icon: <DeviceIcon />, calls: [listDevices] },
            { to: "/alarms", word: "alarms", icon: <BellIcon />, calls: [listAlarms] },
            { to: "/packages", word: "packages", icon: <PackageIcon />, calls: [listPackages] },
            { to: "/rollouts", word: "rollouts", icon: <RolloutIcon />, calls: [createRollout] },
        ],
    },
    {
        word: "people",
        pages: [
            { to: "/employees", word: "employees", icon: <PersonIcon />, calls: [listEmployees] },
            { to: "/visitors", word: "visitors", icon: <VisitorIcon />, calls: [listVisitors] },
            { to: "/blacklist", word: "blacklist", icon: <BlacklistIcon />, calls: [listBlacklistEntries] },
            { to: "/erasures", word: "erasures", icon: <ReceiptIcon />, calls: [listErasures] },
        ],
    },
    {
        word: "access",
        pages: [
            { to: "/passes", word: "passes", icon: <RecordIcon />, calls: [listPasses] },
            { to: "/grants", word: "grants", icon: <GrantIcon />, calls: [listGrants] },
        ],
    },
    {
        word: "administration",
        pages: [
            { to: "/groups", word: "groups", icon: <GroupIcon />, calls: [createGroup, createSection] },
            { to: "/users", word: "users", icon: <UserIcon />, calls: [listUsers] },
            { to: "/roles", word: "roles", icon: <RoleIcon />, calls: [listRoles] },
            { to: "/audit", word: "audit", icon: <AuditIcon />, calls: [listAuditRows] },
            { to: "/enterprises", word: "enterprises", icon: <EnterpriseIcon />, calls: [listEnterprises] },
            { to: "/identity", word: "identity", icon: <KeyIcon />, calls: [getIdentityProvider] },
        ],
    },
];

/** What the session's rail shows; sections without a page are left out. */
export const pagesFor = (session: Session): readonly PageSection[] =>
    sections
        .map(({ word, pages }) => ({
            word,
            pages: pages.filter(({ calls }) => calls.some((call) => may(session, call))),
        }))
        .filter(({ pages }) => pages.length > 0);

/** Where one arrives without asking for a page: the first of the rail. One's own account is always there. */
export const homeOf = (session: Session): PageEntry["to"] => pagesFor(session)[0]?.pages[0]?.to ?? "/account";
