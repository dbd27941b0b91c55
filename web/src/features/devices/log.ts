// The lines of a terminal's log, as pages and what follows come in.

import type { DeviceLogLine } from "#api/gen/smartpass/v1/monitor_http";

/** What is shown at most: whoever wants more searches. */
export const MOST_LINES = 500;

/** The newest first, each line once, and not without end. */
export function withLines(
    shown: readonly DeviceLogLine[],
    more: readonly DeviceLogLine[],
    most = MOST_LINES,
): readonly DeviceLogLine[] {
    const lines = new Map([...shown, ...more].map((line) => [line.id, line]));
    return [...lines.values()].sort((a, b) => (BigInt(b.id) > BigInt(a.id) ? 1 : -1)).slice(0, most);
}

/** After which the next lines are asked for. */
export const newestId = (lines: readonly DeviceLogLine[]) => lines[0]?.id ?? "0";
