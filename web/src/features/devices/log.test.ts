import { expect, it } from "vitest";
import type { DeviceLogLine } from "#api/gen/smartpass/v1/monitor_http";
import { newestId, withLines } from "./log";

const line = (id: string) => ({ id }) as DeviceLogLine;
const ids = (lines: readonly DeviceLogLine[]) => lines.map(({ id }) => id);

it("shows the newest line first and each line once", () => {
    const shown = withLines([line("9"), line("8")], [line("10"), line("9"), line("11")]);
    expect(ids(shown)).toEqual(["11", "10", "9", "8"]);
    expect(newestId(shown)).toBe("11");
});

it("takes older lines below", () => {
    expect(ids(withLines([line("9")], [line("7"), line("8")]))).toEqual(["9", "8", "7"]);
});

it("forgets the oldest when there are too many, and begins with all", () => {
    expect(ids(withLines([line("2"), line("1")], [line("3")], 2))).toEqual(["3", "2"]);
    expect(newestId([])).toBe("0");
});
