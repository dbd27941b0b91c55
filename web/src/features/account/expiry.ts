// When a token ends. The server allows a year at most.

export const TOKEN_DAYS = [7, 30, 90, 365] as const;

const DAY_MS = 86_400_000;
// The server's clock may be behind this one: a token of a year must not be a moment too long for it.
const SLACK_MS = 60_000;

export const expiryIn = (days: number, now: number) => new Date(now + days * DAY_MS - SLACK_MS).toISOString();

export type TokenState = "valid" | "soon" | "expired";

const SOON_DAYS = 7;

export function tokenState(expireTime: string | undefined, now: number): TokenState {
    const left = Date.parse(expireTime ?? "") - now;
    if (!(left > 0)) return "expired";
    return left < SOON_DAYS * DAY_MS ? "soon" : "valid";
}

/** Permissions by their module, both in the order of the alphabet. */
export function byModule(permissions: readonly string[]): readonly (readonly [string, readonly string[]])[] {
    const modules = new Map<string, string[]>();
    for (const permission of [...permissions].sort()) {
        const module = permission.split(".")[0] ?? "";
        modules.set(module, [...(modules.get(module) ?? []), permission]);
    }
    return [...modules];
}
