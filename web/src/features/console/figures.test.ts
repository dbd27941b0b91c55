import { expect, it } from "vitest";
import { hourBars, niceCeiling, share } from "./figures";

const tally = (total: number) => ({
    total: String(total),
    employee: String(total),
    visitor: "0",
    stranger: "0",
    blacklist: "0",
    abnormalTemperature: "0",
});
const day = (at: Record<number, number>) => ({
    hours: Array.from({ length: 24 }, (_, hour) => tally(at[hour] ?? 0)),
});

it("shows a working day when nobody passed", () => {
    const hours = hourBars(day({})).map((bar) => bar.hour);
    expect([hours[0], hours.at(-1)]).toEqual([6, 20]);
});

it("reaches out to a night shift", () => {
    const hours = hourBars(day({ 2: 5, 23: 1 })).map((bar) => bar.hour);
    expect([hours[0], hours.at(-1)]).toEqual([2, 23]);
});

it("tops the chart with a number that halves well", () => {
    expect([0, 1, 4, 5, 11, 31, 450].map(niceCeiling)).toEqual([4, 4, 4, 10, 20, 50, 500]);
});

it("has a share of nothing", () => {
    expect(share(0, 0, "en")).toBe("0%");
    expect(share(1, 4, "en")).toBe("25%");
});
