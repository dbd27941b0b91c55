import { expect, it } from "vitest";
import { hasEnded, secondsLeft } from "./capture";

it("is under way until it is done, failed or cancelled", () => {
    expect(hasEnded({ state: "CAPTURE_STATE_SENT" })).toBe(false);
    expect(hasEnded({ state: "CAPTURE_STATE_CHECKING" })).toBe(false);
    expect(hasEnded({ state: "CAPTURE_STATE_DONE" })).toBe(true);
    expect(hasEnded({ state: "CAPTURE_STATE_CANCELLED" })).toBe(true);
});

it("counts down to the end and no further", () => {
    const capture = { expireTime: "2026-11-23T10:01:00Z" };
    const at = (time: string) => secondsLeft(capture, Date.parse(`2026-11-23T${time}Z`));
    expect(at("10:00:00")).toBe(60);
    expect(at("10:00:59.5")).toBe(1);
    expect(at("10:02:00")).toBe(0);
    expect(secondsLeft({}, 0)).toBe(0);
});
