// What the address bar says about a list. The URL is the only place where a list keeps its state; defaults are left out
// of it, and whatever somebody typed into it is read as far as it makes sense.

export interface Param<T> {
    readonly fallback: T;
    /** The value, or undefined when `raw` is none. */
    read(raw: unknown): T | undefined;
}

const asText = (raw: unknown) => (typeof raw === "string" || typeof raw === "number" ? String(raw) : undefined);

export function text(maxLength: number): Param<string> {
    return { fallback: "", read: (raw) => asText(raw)?.slice(0, maxLength) };
}

/** A 63-bit number as the API writes it: a string. "": none. */
export const id: Param<string> = {
    fallback: "",
    read: (raw) => {
        const value = asText(raw);
        return value !== undefined && /^[1-9]\d{0,18}$/.test(value) ? value : undefined;
    },
};

/** The object whose form is open; "new": the form of a new one; "": none. */
export const idOrNew: Param<string> = { fallback: "", read: (raw) => (raw === "new" ? "new" : id.read(raw)) };

/** A whole number from `least` to `most`. */
export function whole(fallback: number, least: number, most: number): Param<number> {
    return {
        fallback,
        read: (raw) => {
            const value = asText(raw);
            if (value === undefined || !/^\d{1,9}$/.test(value)) return undefined;
            return Math.min(most, Math.max(least, Number(value)));
        },
    };
}

export function oneOf<const T extends string>(values: readonly T[]): Param<T | ""> {
    return { fallback: "", read: (raw) => values.find((value) => value === raw) };
}

/** A wall time to the minute, "2026-11-20T22:06". */
export const wallMinute: Param<string> = {
    fallback: "",
    read: (raw) => {
        const value = asText(raw);
        return value !== undefined &&
            /^\d{4}-\d\d-\d\dT\d\d:\d\d$/.test(value) &&
            !Number.isNaN(Date.parse(`${value}:00Z`))
            ? value
            : undefined;
    },
};

export type Params<S> = { readonly [K in keyof S]: Param<S[K]> };

/** Everything that the list knows: what the URL says, and defaults for what it leaves out. */
export function readSearch<S>(params: Params<S>, raw: Record<string, unknown>): S {
    const keys = Object.keys(params) as (keyof S & string)[];
    return Object.fromEntries(keys.map((key) => [key, params[key].read(raw[key]) ?? params[key].fallback])) as S;
}

export function defaultsOf<S>(params: Params<S>): S {
    return readSearch(params, {});
}

/** What is worth writing into the address; parameters of other lists stay as they are. */
export function withoutDefaults<X>(params: Params<object>, search: X): X {
    const fallbacks = params as Readonly<Record<string, Param<unknown> | undefined>>;
    const kept = Object.entries(search as object).filter(([key, value]) => {
        const param = fallbacks[key];
        return param === undefined || value !== param.fallback;
    });
    return Object.fromEntries(kept) as X;
}

/** Plain `a=b` pairs: numbers and identifiers look alike in an address, so reading is left to each list's params. */
export function parseQuery(query: string): Record<string, string> {
    return Object.fromEntries(new URLSearchParams(query));
}

export function formatQuery(search: Record<string, unknown>): string {
    const pairs = new URLSearchParams();
    for (const [key, value] of Object.entries(search))
        if (value !== undefined && value !== null && value !== "") pairs.set(key, String(value));
    const query = pairs.toString();
    return query ? `?${query}` : "";
}

export const PAGE_SIZES = [10, 20, 50, 100] as const;
export const DEFAULT_PAGE_SIZE = 20;

// The API skips at most this many rows.
const MOST_SKIPPED = 10_000;

export interface Paging {
    page: number;
    size: number;
}

export const paging: Params<Paging> = {
    page: whole(1, 1, MOST_SKIPPED),
    size: {
        fallback: DEFAULT_PAGE_SIZE,
        read: (raw) => PAGE_SIZES.find((size) => String(size) === asText(raw)),
    },
};

/** The same for a list whose rows of a page are kept with the account: an address without a size leaves it to the reader. */
export const ownPaging: Params<Paging> = { ...paging, size: { ...paging.size, fallback: 0 } };

/** The page as the API asks for it. */
export const pageRequest = ({ page, size }: Paging) => ({
    pageSize: size,
    skip: Math.min((page - 1) * size, MOST_SKIPPED),
});
