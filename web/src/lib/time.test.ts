import { describe, expect, it } from "vitest";
import { ago, dateTime, instantOfWall, startOfDay, wallTime, zoneLabel } from "./time";

describe("time", () => {
    it("shows an instant on the wall clock of the zone", () => {
        expect(dateTime("2026-11-20T14:06:34Z", "Asia/Shanghai")).toBe("2026-11-20 22:06:34");
        expect(dateTime("2026-11-20T23:06:34.900Z", "Asia/Shanghai")).toBe("2026-11-21 07:06:34");
    });

    it("writes midnight as 00, not as 24", () => {
        expect(wallTime("2026-11-20T16:00:00Z", "Asia/Shanghai")).toBe("2026-11-21T00:00:00");
    });

    it("finds the instant of a wall time, summer and winter", () => {
        expect(instantOfWall("2026-01-10T08:00:00", "Europe/Berlin")).toBe("2026-01-10T07:00:00.000Z");
        expect(instantOfWall("2026-07-10T08:00:00", "Europe/Berlin")).toBe("2026-07-10T06:00:00.000Z");
    });

    it("reads a wall time that happens twice as the first one", () => {
        expect(instantOfWall("2026-10-25T02:30:00", "Europe/Berlin")).toBe("2026-10-25T00:30:00.000Z");
    });

    it("reads a wall time that never happens with the offset before the change", () => {
        expect(instantOfWall("2026-03-29T02:30:00", "Europe/Berlin")).toBe("2026-03-29T01:30:00.000Z");
    });

    it("starts the day at midnight of the zone", () => {
        expect(startOfDay("2026-11-20T17:00:00Z", "Asia/Shanghai")).toBe("2026-11-20T16:00:00.000Z");
    });

    it("names the zone's offset", () => {
        expect(zoneLabel("2026-11-20T00:00:00Z", "Asia/Shanghai")).toBe("UTC+8");
        expect(zoneLabel("2026-11-20T00:00:00Z", "America/St_Johns")).toBe("UTC−3:30");
        expect(zoneLabel("2026-11-20T00:00:00Z", "UTC")).toBe("UTC+0");
    });

    it("counts back in the largest unit that fits", () => {
        const now = Date.parse("2026-11-20T12:00:00Z");
        expect(ago("2026-11-20T11:35:00Z", now, "en")).toBe("25 min. ago");
        expect(ago("2026-11-20T11:59:50Z", now, "en")).toBe("10 sec. ago");
        expect(ago("2026-11-17T11:59:50Z", now, "en")).toBe("3 days ago");
    });
});
