import { expect, it } from "vitest";
import { defaultsOf, readSearch } from "#lib/search";
import { alarmsRequest, alarmsSearch, isFiltered } from "./search";

it("shows open alarms unless the address says otherwise", () => {
    const everything = defaultsOf(alarmsSearch);
    expect(isFiltered(everything)).toBe(false);
    expect(alarmsRequest(everything)).toEqual({ filter: "ALARM_FILTER_OPEN", deviceId: "" });
    expect(alarmsRequest({ ...everything, show: "all" }).filter).toBe("ALARM_FILTER_UNSPECIFIED");
});

it("passes over what it does not know", () => {
    const search = readSearch(alarmsSearch, { show: "later", kind: "ALARM_KIND_CLOCK_SKEW", device: "-1" });
    expect(search).toMatchObject({ show: "", kind: "ALARM_KIND_CLOCK_SKEW", device: "" });
    expect(isFiltered(search)).toBe(true);
});
