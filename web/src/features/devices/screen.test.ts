import { expect, it } from "vitest";
import type { Screen } from "#api/gen/smartpass/v1/screens_http";
import { ageOf, seen, standingOf } from "./screen";

const answer = (fields: Partial<Screen>): Screen => ({
    deviceId: "1",
    online: true,
    frame: "7",
    picture: "",
    ...fields,
});
const first = seen(undefined, answer({ picture: "QUJD", showTime: "2026-11-23T10:00:00Z" }), 1_000);

it("keeps the picture for as long as its number is the same", () => {
    expect(first.picture).toBe("data:image/jpeg;base64,QUJD");
    expect(seen(first, answer({ showTime: "2026-11-23T10:00:01Z" }), 2_000).picture).toBe(first.picture);
    expect(seen(first, answer({ frame: "0" }), 2_000).picture).toBe("");
});

it("counts the age from when it heard of it, whatever the server's clock says", () => {
    const same = seen(first, answer({ showTime: "2026-11-23T10:00:00Z" }), 4_500);
    expect(ageOf(same, 4_500)).toBe(3);
    expect(ageOf(seen(same, answer({ showTime: "2026-11-23T10:00:04Z" }), 5_000), 5_000)).toBe(0);
    expect(ageOf(first, 0)).toBe(0);
});

it("says how it stands", () => {
    const nothing = seen(undefined, answer({ frame: "0" }), 1_000);
    expect(standingOf(nothing, 10_999)).toBe("starting");
    expect(standingOf(seen(nothing, answer({ frame: "0" }), 11_000), 11_000)).toBe("silent");
    expect(standingOf(first, 5_999)).toBe("live");
    expect(standingOf(first, 6_000)).toBe("old");
    expect(standingOf(seen(first, answer({ online: false }), 2_000), 2_000)).toBe("offline");
});
