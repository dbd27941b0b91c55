// Upgrades: what a form says of stages, and how far one is.

import type { Rollout } from "#api/gen/smartpass/v1/packages_http";

const MOST_STAGES = 10;

/** "10, 50, 100" as percentages; "" is one stage of all; undefined: that is none. */
export function stagesOf(entered: string): readonly number[] | undefined {
    if (entered.trim() === "") return [];
    const stages = entered
        .split(/[,，、;\s]+/)
        .filter(Boolean)
        .map((part) => (/^\d{1,3}$/.test(part) ? Number(part) : 0));
    const rising = stages.every((stage, index) => stage > (stages[index - 1] ?? 0) && stage <= 100);
    if (!rising || stages.length > MOST_STAGES) return undefined;
    return stages.at(-1) === 100 ? stages : stages.length < MOST_STAGES ? [...stages, 100] : undefined;
}

type Counts = Pick<Rollout, "deviceCount" | "doneCount" | "failedCount" | "skippedCount">;

/** Of the terminals that it concerns, those that are through, in percent. */
export function percentOf({ deviceCount, doneCount, failedCount, skippedCount }: Counts): number {
    return deviceCount === 0 ? 100 : Math.floor(((doneCount + failedCount + skippedCount) / deviceCount) * 100);
}

export const isOver = ({ state }: Pick<Rollout, "state">) =>
    state === "ROLLOUT_STATE_DONE" || state === "ROLLOUT_STATE_CANCELLED";

/** "12.3": decimal megabytes. */
export const megabytes = (bytes: number) => (bytes / 1_000_000).toFixed(1);
