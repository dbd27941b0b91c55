import { id, oneOf, PAGE_SIZES, type Param, type Params, text, wallMinute } from "#lib/search";

/** What the log calls the services; a row of another one is found by leaving the filter open. */
export const MODULES = [
    "account",
    "audit",
    "blacklist",
    "capture",
    "commands",
    "console",
    "devices",
    "displays",
    "enterprises",
    "link",
    "monitor",
    "operations",
    "org",
    "packages",
    "pass",
    "people",
    "screens",
    "session",
    "settings",
    "transfer",
    "users",
    "visitors",
] as const;

export type Module = (typeof MODULES)[number];

export interface AuditSearch {
    q: string;
    module: Module | "";
    operator: string;
    /** "refused": refusals alone. */
    result: "refused" | "";
    /** On the enterprise's wall clock; "": open. */
    from: string;
    to: string;
    /** The server's token of the page; "": the newest rows. The log grows while it is read, so pages have no numbers. */
    after: string;
    /** 0: as the reader likes it. */
    size: number;
    /** The row whose details are open. */
    show: string;
}

const token: Param<string> = {
    fallback: "",
    read: (raw) => (typeof raw === "string" && /^[\w+/=.-]{1,256}$/.test(raw) ? raw : undefined),
};

const rows: Param<number> = { fallback: 0, read: (raw) => PAGE_SIZES.find((size) => String(size) === String(raw)) };

export const auditSearch: Params<AuditSearch> = {
    q: text(32),
    module: oneOf(MODULES),
    operator: text(64),
    result: oneOf(["refused"]),
    from: wallMinute,
    to: wallMinute,
    after: token,
    size: rows,
    show: id,
};

export const NO_FILTER = {
    q: "",
    module: "",
    operator: "",
    result: "",
    from: "",
    to: "",
} as const satisfies Partial<AuditSearch>;

export const isFiltered = (search: AuditSearch) =>
    (Object.keys(NO_FILTER) as (keyof typeof NO_FILTER)[]).some((key) => search[key] !== "");

/** The filter as the API wants it: the same for the list and for the export. */
export function auditRequest(search: AuditSearch, instantOf: (wall: string) => string) {
    const { q, module, operator, result, from, to } = search;
    return {
        query: q,
        module,
        operator,
        refused: result === "refused",
        ...(from && { from: instantOf(from) }),
        ...(to && { to: instantOf(to) }),
    };
}
