// Numbers of the console. Counts come as 64-bit strings; a day's passes fit into a number easily.

import type { Summary, Tally } from "#api/gen/smartpass/v1/console_http";

export interface HourBar {
    hour: number;
    total: number;
    employee: number;
    visitor: number;
    stranger: number;
    blacklist: number;
}

export const count = (value: string | undefined) => Number(value ?? 0);

const barOf = (tally: Tally, hour: number): HourBar => ({
    hour,
    total: count(tally.total),
    employee: count(tally.employee),
    visitor: count(tally.visitor),
    stranger: count(tally.stranger),
    blacklist: count(tally.blacklist),
});

export const SHOWN_KINDS = ["employee", "visitor", "stranger", "blacklist"] as const;
export type ShownKind = (typeof SHOWN_KINDS)[number];

const WORKDAY = { first: 6, last: 20 };

/** The hours worth showing: a working day, and further out as far as somebody passed. */
export function hourBars(summary: Pick<Summary, "hours">): readonly HourBar[] {
    const bars = summary.hours.map(barOf);
    const busy = bars.filter((bar) => bar.total > 0).map((bar) => bar.hour);
    const first = Math.min(WORKDAY.first, ...busy);
    const last = Math.max(WORKDAY.last, ...busy);
    return bars.filter((bar) => bar.hour >= first && bar.hour <= last);
}

/** The smallest of 4, 10, 20, 50, 100, 200, 500 … that holds the value: each has a whole half for the middle line. */
export function niceCeiling(value: number): number {
    if (value <= 4) return 4;
    for (let power = 10; ; power *= 10) for (const step of [1, 2, 5]) if (step * power >= value) return step * power;
}

export function share(part: number, whole: number, locale: string): string {
    const format = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 0 });
    return format.format(whole === 0 ? 0 : part / whole);
}
