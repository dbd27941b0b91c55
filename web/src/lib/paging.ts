// How far a list can be paged: the server counts and skips only so far.

/** The server's totals stop one above this. */
export const TOTAL_CAP = 10_000;

/** The last page that can be asked for; a list without rows still has its first. */
export function lastPage(total: number, size: number): number {
    const pages = Math.ceil(total / size);
    const reachable = Math.floor(TOTAL_CAP / size) + 1;
    return Math.max(1, Math.min(pages, reachable));
}
