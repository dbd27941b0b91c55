import { describe, expect, it } from "vitest";
import type { Pass } from "#api/gen/smartpass/v1/pass_http";
import { EMPTY_WALL, MOST_TILES, paused, resumed, type Wall, withEvent, withList } from "./wall";

const pass = (id: number, extra: Partial<Pass> = {}): Pass => ({
    id: String(id),
    occurTime: "2026-11-20T10:00:00Z",
    receiveTime: new Date(1_800_000_000_000 + id * 1000).toISOString(),
    deviceId: "1",
    deviceName: "Lobby",
    groupId: "1",
    kind: "PERSON_KIND_EMPLOYEE",
    personId: "1",
    personName: "Li Na",
    personNumber: "7",
    result: "PASS_RESULT_ALLOWED",
    denyReason: "DENY_REASON_UNSPECIFIED",
    state: "PASS_STATE_NORMAL",
    temperatureCenti: 3650,
    thresholdCenti: 3730,
    hasSnapshot: false,
    photoId: "0",
    clockDoubtful: false,
    ...extra,
});
const hear = (wall: Wall, ...passes: Pass[]) => passes.reduce((at, one) => withEvent(at, { id: "", pass: one }), wall);
const ids = (wall: Wall) => wall.tiles.map((tile) => tile.id);

describe("the wall", () => {
    it("puts the newest first", () => {
        expect(ids(hear(EMPTY_WALL, pass(1), pass(2)))).toEqual(["2", "1"]);
    });

    it("shows a pass once, however often it is heard", () => {
        expect(ids(withList(hear(EMPTY_WALL, pass(1), pass(1)), [pass(1)]))).toEqual(["1"]);
    });

    it("goes by arrival: what a terminal sends late is new", () => {
        const late = pass(9, { occurTime: "2026-01-01T00:00:00Z" });
        expect(ids(hear(EMPTY_WALL, pass(5), late))).toEqual(["9", "5"]);
    });

    it("tells passes of the same moment apart by their identifier", () => {
        const at = { receiveTime: "2026-11-20T10:00:00Z" };
        expect(ids(hear(EMPTY_WALL, pass(10, at), pass(9, at)))).toEqual(["10", "9"]);
    });

    it("never grows without end", () => {
        const many = Array.from({ length: 3 * MOST_TILES }, (_, index) => pass(index + 1));
        expect(hear(EMPTY_WALL, ...many).tiles).toHaveLength(MOST_TILES);
    });

    it("gets its picture when it arrives, and keeps it when an older list is read", () => {
        const seen = withEvent(hear(EMPTY_WALL, pass(1)), { id: "", snapshot: { passId: "1" } });
        expect(seen.tiles[0]?.hasSnapshot).toBe(true);
        expect(withList(seen, [pass(1)]).tiles[0]?.hasSnapshot).toBe(true);
    });

    it("stays the very same object when nothing about it changed", () => {
        const wall = hear(EMPTY_WALL, pass(1));
        expect(withEvent(wall, { id: "", heartbeat: {} })).toBe(wall);
        expect(withEvent(wall, { id: "", snapshot: { passId: "99" } })).toBe(wall);
    });

    it("holds new passes back while paused and shows them on resuming", () => {
        const still = hear(paused(hear(EMPTY_WALL, pass(1))), pass(2), pass(3));
        expect(ids(still)).toEqual(["1"]);
        expect(still.held).toHaveLength(2);
        expect(ids(resumed(still))).toEqual(["3", "2", "1"]);
    });
});
