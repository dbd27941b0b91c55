import { expect, it } from "vitest";
import type { FleetHealth } from "#api/gen/smartpass/v1/monitor_http";
import { defaultsOf } from "#lib/search";
import { figuresOf, isChosen } from "./health";
import { devicesRequest, devicesSearch, isFiltered } from "./search";

const quiet: FleetHealth = {
    deviceCount: 7,
    onlineCount: 5,
    waitingCount: 0,
    pendingSettingsCount: 0,
    refusedSettingsCount: 0,
    pendingPeopleCount: 0,
    backlogCount: 0,
    riskCount: 0,
    alarmCount: 0,
    software: [],
};
const everything = defaultsOf(devicesSearch);

it("shows who is online always, and what is the matter only when something is", () => {
    expect(figuresOf(quiet).map(({ word, count }) => [word, count])).toEqual([
        ["all", 7],
        ["online", 5],
        ["offline", 2],
    ]);
    expect(figuresOf({ ...quiet, riskCount: 3, waitingCount: 1 }).map(({ word }) => word)).toEqual([
        "all",
        "online",
        "offline",
        "waiting",
        "DEVICE_CONDITION_RISK",
    ]);
});

it("marks the figure whose terminals the list shows", () => {
    const [all, online] = figuresOf(quiet);
    expect(isChosen(everything, all?.filter ?? {})).toBe(true);
    expect(isChosen({ ...everything, state: "DEVICE_STATE_ONLINE" }, all?.filter ?? {})).toBe(false);
    expect(isChosen({ ...everything, state: "DEVICE_STATE_ONLINE" }, online?.filter ?? {})).toBe(true);
    expect(isChosen({ ...everything, state: "DEVICE_STATE_ONLINE", version: "1.2.3" }, online?.filter ?? {})).toBe(
        false,
    );
});

it("asks for what the address says, and for no more", () => {
    expect(isFiltered(everything)).toBe(false);
    const search = { ...everything, waiting: "yes", condition: "DEVICE_CONDITION_RISK" } as const;
    expect(isFiltered(search)).toBe(true);
    expect(devicesRequest(search)).toEqual({
        query: "",
        groupId: "",
        sectionId: "",
        softwareVersion: "",
        waiting: true,
        condition: "DEVICE_CONDITION_RISK",
    });
});
