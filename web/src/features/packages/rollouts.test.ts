import { expect, it } from "vitest";
import { readSearch } from "#lib/search";
import { isOver, megabytes, percentOf, stagesOf } from "./rollouts";
import { idsOf, rolloutsSearch } from "./search";

it("reads stages as somebody writes them, and goes to all at the end", () => {
    expect(stagesOf("10, 50, 100")).toEqual([10, 50, 100]);
    expect(stagesOf("10 50")).toEqual([10, 50, 100]);
    expect(stagesOf("25，100")).toEqual([25, 100]);
    expect(stagesOf(" ")).toEqual([]);
});

it("takes no stages that do not rise, or are none", () => {
    for (const wrong of ["50, 10", "0, 100", "10, 10", "101", "a", "-5", "1 2 3 4 5 6 7 8 9 10 11"])
        expect(stagesOf(wrong), wrong).toBeUndefined();
});

it("counts whoever is through, however it went", () => {
    expect(percentOf({ deviceCount: 8, doneCount: 2, failedCount: 1, skippedCount: 1 })).toBe(50);
    expect(percentOf({ deviceCount: 0, doneCount: 0, failedCount: 0, skippedCount: 0 })).toBe(100);
    expect(isOver({ state: "ROLLOUT_STATE_STOPPED" })).toBe(false);
    expect(isOver({ state: "ROLLOUT_STATE_CANCELLED" })).toBe(true);
    expect(megabytes(12_345_678)).toBe("12.3");
});

it("takes terminals from the address only as ids", () => {
    expect(idsOf(readSearch(rolloutsSearch, { devices: "1,22,333" }).devices)).toEqual(["1", "22", "333"]);
    expect(readSearch(rolloutsSearch, { devices: "1,x" }).devices).toBe("");
    expect(idsOf("")).toEqual([]);
});
