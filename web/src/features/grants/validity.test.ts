import { expect, it } from "vitest";
import { instantOfWall } from "#lib/time";
import { PERMANENT, validityFault, validityRequest } from "./validity";

const instantOf = (wall: string) => instantOfWall(`${wall}:00`, "Asia/Shanghai");
const now = Date.parse("2026-11-20T10:00:00Z");
const range = (from: string, to: string) => ({ permanent: false, from, to });

it("needs an end that lies ahead, in the enterprise's zone", () => {
    expect(validityFault(range("", ""), instantOf, now)).toBe("rangeMissing");
    expect(validityFault(range("", "2026-11-20T18:00"), instantOf, now)).toBe("rangePast");
    expect(validityFault(range("", "2026-11-20T18:01"), instantOf, now)).toBeUndefined();
});

it("needs the end after the beginning", () => {
    expect(validityFault(range("2026-12-02T08:00", "2026-12-01T08:00"), instantOf, now)).toBe("rangeOrder");
    expect(validityFault(range("2026-12-01T08:00", "2026-12-01T08:00"), instantOf, now)).toBe("rangeOrder");
});

it("sends instants, and nothing at all when it is for ever", () => {
    expect(validityRequest(range("", "2026-12-01T08:00"), instantOf)).toEqual({
        validUntil: "2026-12-01T00:00:00.000Z",
    });
    expect(validityRequest(PERMANENT, instantOf)).toEqual({});
});
