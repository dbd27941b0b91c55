import { expect, it } from "vitest";
import type { Pass } from "#api/gen/smartpass/v1/pass_http";
import { defaultsOf } from "#lib/search";
import { instantOfWall } from "#lib/time";
import { matches } from "./match";
import { isFiltered, type PassesSearch, passesRequest, passesSearch } from "./search";

const instantOf = (wall: string) => instantOfWall(`${wall}:00`, "Asia/Shanghai");
const pass = {
    id: "1",
    deviceId: "8",
    personId: "5",
    personName: "Li Na",
    personNumber: "E007",
    kind: "PERSON_KIND_EMPLOYEE",
    state: "PASS_STATE_NORMAL",
    result: "PASS_RESULT_ALLOWED",
    occurTime: "2026-11-20T10:00:00Z",
} as Pass;
const fits = (filter: Partial<PassesSearch>) => matches(pass, { ...defaultsOf(passesSearch), ...filter }, instantOf);

it("counts a pass as new only when the filter would show it", () => {
    expect(fits({})).toBe(true);
    expect(fits({ device: "8", person: "5", kind: "PERSON_KIND_EMPLOYEE", q: "e00" })).toBe(true);
    expect(fits({ device: "9" })).toBe(false);
    expect(fits({ result: "PASS_RESULT_DENIED" })).toBe(false);
    expect(fits({ q: "wang" })).toBe(false);
});

it("includes the beginning of the time range and excludes its end", () => {
    expect(fits({ from: "2026-11-20T18:00" })).toBe(true);
    expect(fits({ to: "2026-11-20T18:00" })).toBe(false);
    expect(fits({ from: "2026-11-20T17:00", to: "2026-11-20T18:01" })).toBe(true);
});

it("asks the server in instants", () => {
    const search = { ...defaultsOf(passesSearch), from: "2026-11-20T00:00", kind: "PERSON_KIND_VISITOR" as const };
    expect(passesRequest(search, instantOf)).toMatchObject({
        from: "2026-11-19T16:00:00.000Z",
        kind: "PERSON_KIND_VISITOR",
    });
});

it("knows paging and the open record from a filter", () => {
    expect(isFiltered({ ...defaultsOf(passesSearch), page: 3, show: "7" })).toBe(false);
    expect(isFiltered({ ...defaultsOf(passesSearch), state: "PASS_STATE_NO_MASK" })).toBe(true);
});
