// What is known of a terminal's screen while somebody looks at it.

import type { Screen } from "#api/gen/smartpass/v1/screens_http";

export interface Sight {
    /** The picture's number; "0": none has come yet. */
    readonly frame: string;
    /** For an image's `src`; "" without a picture. */
    readonly picture: string;
    /** When the terminal last said that it shows this, by the server's clock. */
    readonly showTime: string;
    /** When we heard that, by our own clock: the two may differ, and only ours tells how long ago it is. */
    readonly heardAt: number;
    /** When the looking began. */
    readonly since: number;
    readonly online: boolean;
}

/** What an answer makes of what was seen before. */
export function seen(before: Sight | undefined, { frame, picture, showTime = "", online }: Screen, now: number): Sight {
    const known = before?.frame === frame ? before : undefined;
    return {
        frame,
        picture: picture ? `data:image/jpeg;base64,${picture}` : (known?.picture ?? ""),
        showTime,
        heardAt: before && before.showTime === showTime ? before.heardAt : now,
        since: before?.since ?? now,
        online,
    };
}

export type Standing = "starting" | "silent" | "live" | "old" | "offline";

/** A terminal that waits for nothing says something every second; with records to send it says them first. */
const OLD_MS = 5_000;
const SILENT_MS = 10_000;

export function standingOf({ frame, online, heardAt, since }: Sight, now: number): Standing {
    if (!online) return "offline";
    if (frame === "0") return now - since < SILENT_MS ? "starting" : "silent";
    return now - heardAt < OLD_MS ? "live" : "old";
}

/** Whole seconds since the terminal was last heard to show this. */
export const ageOf = ({ heardAt }: Sight, now: number) => Math.max(0, Math.floor((now - heardAt) / 1_000));
