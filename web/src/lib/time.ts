// Instants and wall clocks. The console shows every time in the enterprise's zone, never silently in the browser's.
// An instant is an RFC 3339 string in UTC, as the API speaks it; a wall time is "2026-11-20T22:06:34" without a zone.

const FIELDS = { year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit" } as const;

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(locale: string, zone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
    const key = `${locale} ${zone} ${JSON.stringify(options)}`;
    let format = formats.get(key);
    if (!format) {
        format = new Intl.DateTimeFormat(locale, { ...options, timeZone: zone });
        formats.set(key, format);
    }
    return format;
}

/** What a clock on the wall in `zone` shows at the instant. */
export function wallTime(instant: string | number, zone: string): string {
    const format = formatOf("en-GB", zone, { ...FIELDS, second: "2-digit", hourCycle: "h23" });
    const parts = Object.fromEntries(format.formatToParts(new Date(instant)).map((part) => [part.type, part.value]));
    return `${parts.year}-${parts.month}-${parts.day}T${parts.hour}:${parts.minute}:${parts.second}`;
}

/** Milliseconds that `zone` is ahead of UTC at the instant. */
export function zoneOffsetMs(instant: string | number, zone: string): number {
    const seconds = Math.floor(new Date(instant).getTime() / 1000);
    return Date.parse(`${wallTime(seconds * 1000, zone)}Z`) - seconds * 1000;
}

/**
 * The instant at which the wall clock in `zone` shows `wall`. A time that summer time skips is read with the offset
 * before the change; of a time that happens twice the first is meant.
 */
export function instantOfWall(wall: string, zone: string): string {
    const asUtc = Date.parse(`${wall}Z`);
    const day = 86_400_000;
    const before = asUtc - zoneOffsetMs(asUtc - day, zone);
    const after = asUtc - zoneOffsetMs(asUtc + day, zone);
    const exact = [before, after].filter((at) => at + zoneOffsetMs(at, zone) === asUtc);
    return new Date(exact.length ? Math.min(...exact) : before).toISOString();
}

/** Midnight in `zone` of the day that contains the instant. */
export function startOfDay(instant: string | number, zone: string): string {
    return instantOfWall(`${wallTime(instant, zone).slice(0, 10)}T00:00:00`, zone);
}

/** "2026-11-20 22:06:34": sortable, the same in every language, for lists. */
export const dateTime = (instant: string | number, zone: string) => wallTime(instant, zone).replace("T", " ");

/** "2026-11-20 22:06". */
export const dateMinute = (instant: string | number, zone: string) => dateTime(instant, zone).slice(0, 16);

/** "22:06:34". */
export const timeOfDay = (instant: string | number, zone: string) => wallTime(instant, zone).slice(11);

/** "Friday 20 November 2026" in the reader's language. */
export const longDate = (instant: string | number, zone: string, locale: string) =>
    formatOf(locale, zone, { weekday: "long", day: "numeric", month: "long", year: "numeric" }).format(
        new Date(instant),
    );

/** "UTC+8", "UTC−3:30". */
export function zoneLabel(instant: string | number, zone: string): string {
    const minutes = Math.round(zoneOffsetMs(instant, zone) / 60_000);
    const hours = Math.floor(Math.abs(minutes) / 60);
    const rest = Math.abs(minutes) % 60;
    return `UTC${minutes < 0 ? "−" : "+"}${hours}${rest ? `:${String(rest).padStart(2, "0")}` : ""}`;
}

const STEPS = [
    ["day", 86_400],
    ["hour", 3_600],
    ["minute", 60],
] as const;

/** "25 min ago" in the reader's language; what lies less than a minute back counts in seconds. */
export function ago(instant: string | number, now: number, locale: string): string {
    const seconds = Math.max(0, Math.round((now - new Date(instant).getTime()) / 1000));
    const words = new Intl.RelativeTimeFormat(locale, { style: "short", numeric: "always" });
    for (const [unit, length] of STEPS) if (seconds >= length) return words.format(-Math.floor(seconds / length), unit);
    return words.format(-seconds, "second");
}
