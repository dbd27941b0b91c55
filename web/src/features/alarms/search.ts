import { type AlarmFilter, type AlarmKind, alarmKindNames } from "#api/gen/smartpass/v1/monitor_http";
import { id, oneOf, ownPaging, type Paging, type Params } from "#lib/search";

export interface AlarmsSearch extends Paging {
    /** "": those that are open. */
    show: "closed" | "all" | "";
    kind: AlarmKind | "";
    device: string;
}

export const alarmsSearch: Params<AlarmsSearch> = {
    ...ownPaging,
    show: oneOf(["closed", "all"]),
    kind: oneOf(alarmKindNames),
    device: id,
};

export const NO_FILTER = { kind: "", device: "" } as const satisfies Partial<AlarmsSearch>;

export const isFiltered = ({ kind, device }: AlarmsSearch) => kind !== "" || device !== "";

const FILTERS: Readonly<Record<AlarmsSearch["show"], AlarmFilter>> = {
    "": "ALARM_FILTER_OPEN",
    closed: "ALARM_FILTER_CLOSED",
    all: "ALARM_FILTER_UNSPECIFIED",
};

/** The filter as the API wants it. */
export const alarmsRequest = ({ show, kind, device }: AlarmsSearch) => ({
    filter: FILTERS[show],
    deviceId: device,
    ...(kind && { kind }),
});
