// What terminals are told to do at once.

import {
    type Command,
    type CommandState,
    controlPower,
    listCommands,
    moveDoors,
    resetDevices,
    type SendCommandsResponse,
} from "#api/gen/smartpass/v1/commands_http";
import type { Device } from "#api/gen/smartpass/v1/devices_http";
import type { CommandKind } from "#api/gen/smartpass/v1/types_http";
import { type Target, targetRequest } from "./target";

export type Order = Exclude<CommandKind, "COMMAND_KIND_UNSPECIFIED">;

export const orders: readonly Order[] = [
    "COMMAND_KIND_OPEN_DOOR",
    "COMMAND_KIND_CLOSE_DOOR",
    "COMMAND_KIND_RESTART",
    "COMMAND_KIND_SHUT_DOWN",
    "COMMAND_KIND_RESET",
];

export const callOf = (order: Order) => {
    if (order === "COMMAND_KIND_RESET") return resetDevices;
    return order === "COMMAND_KIND_RESTART" || order === "COMMAND_KIND_SHUT_DOWN" ? controlPower : moveDoors;
};

interface Details {
    /** How many are reset, as it was typed. */
    readonly count: number;
    readonly signOut: boolean;
}

export function send(order: Order, target: Target, { count, signOut }: Details): Promise<SendCommandsResponse> {
    const whom = targetRequest(target);
    switch (order) {
        case "COMMAND_KIND_RESET":
            return resetDevices({ ...whom, confirmCount: count, signOut });
        case "COMMAND_KIND_RESTART":
        case "COMMAND_KIND_SHUT_DOWN":
            return controlPower({ ...whom, shutDown: order === "COMMAND_KIND_SHUT_DOWN" });
        default:
            return moveDoors({ ...whom, close: order === "COMMAND_KIND_CLOSE_DOOR" });
    }
}

const OVER: ReadonlySet<CommandState> = new Set([
    "COMMAND_STATE_DONE",
    "COMMAND_STATE_FAILED",
    "COMMAND_STATE_EXPIRED",
]);

export const isOver = ({ state }: Pick<Command, "state">) => OVER.has(state);

export interface Tally {
    readonly done: number;
    readonly failed: number;
    readonly left: number;
}

export function tallyOf(commands: readonly Pick<Command, "state">[]): Tally {
    const done = commands.filter(({ state }) => state === "COMMAND_STATE_DONE").length;
    const left = commands.filter((command) => !isOver(command)).length;
    return { done, failed: commands.length - done - left, left };
}

const PAGE = 100;

/** All commands that were given together. */
export async function commandsOfBatch(batchId: string, signal: AbortSignal): Promise<readonly Command[]> {
    const commands: Command[] = [];
    for (;;) {
        const page = await listCommands({ batchId, pageSize: PAGE, skip: commands.length }, { signal });
        commands.push(...page.commands);
        if (page.commands.length < PAGE) return commands;
    }
}

/** Terminals whose gate does not close by itself. */
export const stayOpen = (devices: readonly Device[]) =>
    devices.filter(({ risks }) => risks.includes("DEVICE_RISK_RELAY_STAYS_OPEN"));

/** Why a terminal cannot be told anything now; undefined: it can. */
export function blockOf({
    state,
    waiting,
}: Pick<Device, "state" | "waiting">): "waitingBlocked" | "offlineBlocked" | undefined {
    if (waiting) return "waitingBlocked";
    return state === "DEVICE_STATE_ONLINE" ? undefined : "offlineBlocked";
}
