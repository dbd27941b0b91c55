// Figures of a terminal in few words.

import type { Device } from "#api/gen/smartpass/v1/devices_http";

const GIB = 1024 ** 3;
const gib = (bytes: number) => (bytes / GIB).toFixed(1);

/** "3.2 / 8.0 GiB": free of all; "": the terminal does not say. */
export function storageText({ freeBytes, totalBytes }: Pick<Device, "freeBytes" | "totalBytes">): string {
    return Number(totalBytes) > 0 ? `${gib(Number(freeBytes))} / ${gib(Number(totalBytes))} GiB` : "";
}

/** Less than a tenth is left. */
export function isStorageShort({ freeBytes, totalBytes }: Pick<Device, "freeBytes" | "totalBytes">): boolean {
    return Number(totalBytes) > 0 && Number(freeBytes) * 10 < Number(totalBytes);
}

/** "+1.2 s", "−63 s": how far the clock was off. Less than half a tenth of a second is nothing. */
export function clockText({ clockSkewMs }: Pick<Device, "clockSkewMs">): string {
    const ms = Number(clockSkewMs);
    const seconds = Math.abs(ms) / 1000;
    const sign = ms < 0 ? "−" : "+";
    return seconds < 0.05 ? "0 s" : `${sign}${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} s`;
}

/** Off so far that times on records cannot be trusted without a look. */
export const MOST_SKEW_MS = 60_000;

export const isClockWrong = ({ clockSkewMs }: Pick<Device, "clockSkewMs">) =>
    Math.abs(Number(clockSkewMs)) > MOST_SKEW_MS;
