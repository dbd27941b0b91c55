import {
    type DeviceCondition,
    type DeviceState,
    deviceConditionNames,
    deviceStateNames,
} from "#api/gen/smartpass/v1/devices_http";
import { logLevelNames } from "#api/gen/smartpass/v1/monitor_http";
import { id, oneOf, ownPaging, type Paging, type Params, text } from "#lib/search";

export interface DevicesSearch extends Paging {
    q: string;
    group: string;
    section: string;
    state: DeviceState | "";
    condition: DeviceCondition | "";
    version: string;
    /** "yes": only those that wait for approval. */
    waiting: "yes" | "";
    /** The waiting device that is being looked at. */
    approve: string;
    /** The enterprise's policy is open. */
    policy: "open" | "";
}

export const devicesSearch: Params<DevicesSearch> = {
    ...ownPaging,
    q: text(32),
    group: id,
    section: id,
    state: oneOf(deviceStateNames),
    condition: oneOf(deviceConditionNames),
    version: text(64),
    waiting: oneOf(["yes"]),
    approve: id,
    policy: oneOf(["open"]),
};

/** What the health strip chooses among. */
export const NO_CONDITION = { state: "", condition: "", version: "", waiting: "" } as const;

export const NO_FILTER = { q: "", group: "", section: "", ...NO_CONDITION } as const satisfies Partial<DevicesSearch>;

export const isFiltered = (search: DevicesSearch) =>
    (Object.keys(NO_FILTER) as (keyof typeof NO_FILTER)[]).some((key) => search[key] !== "");

/** The filter as the API wants it. */
export function devicesRequest({ q, group, section, state, condition, version, waiting }: DevicesSearch) {
    return {
        query: q,
        groupId: group,
        sectionId: section,
        softwareVersion: version,
        waiting: waiting === "yes",
        ...(state && { state }),
        ...(condition && { condition }),
    };
}

export const TABS = ["settings", "screen", "operation", "display", "log", "alarms"] as const;

export interface DeviceSearch extends Paging {
    /** "": the overview. */
    tab: (typeof TABS)[number] | "";
    /** Of the log. */
    q: string;
    level: (typeof logLevelNames)[number] | "";
}

export const deviceSearch: Params<DeviceSearch> = {
    ...ownPaging,
    tab: oneOf(TABS),
    q: text(32),
    level: oneOf(logLevelNames),
};
