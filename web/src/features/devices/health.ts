// The figures of the health strip and what each shows.

import type { FleetHealth } from "#api/gen/smartpass/v1/monitor_http";
import type { DevicesSearch, NO_CONDITION } from "./search";

type Filter = Partial<Pick<DevicesSearch, keyof typeof NO_CONDITION>>;

export interface Figure {
    /** Of the page's words: a state, or a condition by its name in the contract. */
    readonly word: string;
    readonly count: number;
    readonly filter: Filter;
    /** Of a figure above 0. */
    readonly tone?: "bad" | "warn";
}

/** Always the first three; the rest when there is something to show. */
export function figuresOf(health: FleetHealth): readonly Figure[] {
    const all: readonly Figure[] = [
        { word: "all", count: health.deviceCount, filter: {} },
        { word: "online", count: health.onlineCount, filter: { state: "DEVICE_STATE_ONLINE" } },
        {
            word: "offline",
            count: health.deviceCount - health.onlineCount,
            filter: { state: "DEVICE_STATE_OFFLINE" },
            tone: "warn",
        },
        { word: "waiting", count: health.waitingCount, filter: { waiting: "yes" }, tone: "warn" },
        conditionFigure("DEVICE_CONDITION_RISK", health.riskCount, "bad"),
        conditionFigure("DEVICE_CONDITION_ALARM", health.alarmCount, "bad"),
        conditionFigure("DEVICE_CONDITION_REFUSED_SETTINGS", health.refusedSettingsCount, "bad"),
        conditionFigure("DEVICE_CONDITION_PENDING_SETTINGS", health.pendingSettingsCount, "warn"),
        conditionFigure("DEVICE_CONDITION_PENDING_PEOPLE", health.pendingPeopleCount, "warn"),
        conditionFigure("DEVICE_CONDITION_BACKLOG", health.backlogCount, "warn"),
    ];
    return all.filter(({ count }, index) => index < 3 || count > 0);
}

const conditionFigure = (
    condition: Exclude<DevicesSearch["condition"], "">,
    count: number,
    tone: "bad" | "warn",
): Figure => ({ word: condition, count, filter: { condition }, tone });

const KEYS = ["state", "condition", "version", "waiting"] as const;

/** The list shows just what this figure counts. */
export const isChosen = (search: DevicesSearch, filter: Filter) =>
    KEYS.every((key) => search[key] === (filter[key] ?? ""));
