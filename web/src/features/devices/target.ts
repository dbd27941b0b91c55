// Whom something is done to: terminals one by one, or all of a group and of what lies below it.

export type Target =
    | { readonly kind: "devices"; readonly devices: readonly { readonly id: string; readonly name: string }[] }
    | { readonly kind: "group"; readonly id: string; readonly name: string };

export const targetOf = (...devices: readonly { readonly id: string; readonly name: string }[]): Target => ({
    kind: "devices",
    devices,
});

/** As requests name it. */
export const targetRequest = (target: Target) =>
    target.kind === "group" ? { groupId: target.id } : { deviceIds: target.devices.map(({ id }) => id) };

/** As many as an address can name; more of them are a group. */
export const MOST_TARGETS = 300;
