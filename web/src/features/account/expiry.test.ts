import { expect, it } from "vitest";
import { byModule, expiryIn, tokenState } from "./expiry";

const now = Date.parse("2026-11-22T12:00:00Z");

it("ends a token of a year a moment before the year is over", () => {
    expect(expiryIn(365, now) < "2027-11-22T12:00:00.000Z").toBe(true);
    expect(expiryIn(365, now) > "2027-11-22T11:58:00.000Z").toBe(true);
});

it("warns in the last week", () => {
    expect(tokenState("2026-12-22T12:00:00Z", now)).toBe("valid");
    expect(tokenState("2026-11-25T12:00:00Z", now)).toBe("soon");
    expect(tokenState("2026-11-22T12:00:00Z", now)).toBe("expired");
    expect(tokenState(undefined, now)).toBe("expired");
});

it("puts permissions under their modules", () => {
    expect(byModule(["employees.view", "devices.edit", "employees.edit"])).toEqual([
        ["devices", ["devices.edit"]],
        ["employees", ["employees.edit", "employees.view"]],
    ]);
});
