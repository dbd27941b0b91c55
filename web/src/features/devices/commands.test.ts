import { expect, it } from "vitest";
import type { Command } from "#api/gen/smartpass/v1/commands_http";
import type { Device } from "#api/gen/smartpass/v1/devices_http";
import { blockOf, callOf, orders, stayOpen, tallyOf } from "./commands";

const command = (state: Command["state"]) => ({ state });

it("counts what is done, what failed or came too late, and what is under way", () => {
    const states = ["SENT", "RECEIVED", "DONE", "DONE", "FAILED", "EXPIRED"] as const;
    expect(tallyOf(states.map((state) => command(`COMMAND_STATE_${state}`)))).toEqual({ done: 2, failed: 2, left: 2 });
    expect(tallyOf([])).toEqual({ done: 0, failed: 0, left: 0 });
});

it("asks for a permission of its own for gates, for power and for a reset", () => {
    expect(orders.map((order) => callOf(order).method.permission)).toEqual([
        "doors.open",
        "doors.open",
        "devices.power",
        "devices.power",
        "devices.reset",
    ]);
});

it("tells nothing to who is offline or waits", () => {
    expect(blockOf({ state: "DEVICE_STATE_ONLINE", waiting: false })).toBeUndefined();
    expect(blockOf({ state: "DEVICE_STATE_OFFLINE", waiting: false })).toBe("offlineBlocked");
    expect(blockOf({ state: "DEVICE_STATE_ONLINE", waiting: true })).toBe("waitingBlocked");
});

it("knows whose gate stays open", () => {
    const device = (id: string, risks: Device["risks"]) => ({ id, risks }) as Device;
    const devices = [device("1", ["DEVICE_RISK_RELAY_STAYS_OPEN"]), device("2", ["DEVICE_RISK_NO_LIVENESS"])];
    expect(stayOpen(devices).map(({ id }) => id)).toEqual(["1"]);
});
