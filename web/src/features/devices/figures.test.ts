import { expect, it } from "vitest";
import { clockText, isClockWrong, isStorageShort, storageText } from "./figures";

it("says how much storage is free, and nothing for a terminal that does not say", () => {
    expect(storageText({ freeBytes: "3435973837", totalBytes: "8589934592" })).toBe("3.2 / 8.0 GiB");
    expect(storageText({ freeBytes: "0", totalBytes: "0" })).toBe("");
});

it("finds less than a tenth short", () => {
    expect(isStorageShort({ freeBytes: "99", totalBytes: "1000" })).toBe(true);
    expect(isStorageShort({ freeBytes: "100", totalBytes: "1000" })).toBe(false);
    expect(isStorageShort({ freeBytes: "0", totalBytes: "0" })).toBe(false);
});

it("says how far a clock was off, in both directions", () => {
    expect(["0", "-49", "1200", "-63000"].map((clockSkewMs) => clockText({ clockSkewMs }))).toEqual([
        "0 s",
        "0 s",
        "+1.2 s",
        "−63 s",
    ]);
    expect(["-60001", "60000"].map((clockSkewMs) => isClockWrong({ clockSkewMs }))).toEqual([true, false]);
});
