// The rights of a role as a table: a row for each module, a column for each operation. Made from what the server lists,
// so that a new operation has its box without anyone adding it.

import type { Permission } from "#api/gen/smartpass/v1/users_http";

export interface MatrixRow {
    readonly module: string;
    /** One for each of the matrix's operations; undefined where the module has no such operation. */
    readonly cells: readonly (Permission | undefined)[];
}

export interface Matrix {
    readonly operations: readonly string[];
    readonly rows: readonly MatrixRow[];
}

/** The operations that most modules have come first. */
const FIRST = ["view", "edit", "delete"];
const VIEW = "view";

const place = (operation: string) => (FIRST.includes(operation) ? FIRST.indexOf(operation) : FIRST.length);

export const inOrder = (operations: readonly string[]): readonly string[] =>
    [...new Set(operations)].sort((a, b) => place(a) - place(b) || a.localeCompare(b));

export function matrixOf(permissions: readonly Permission[]): Matrix {
    const operations = inOrder(permissions.map(({ operation }) => operation));
    const modules = [...new Set(permissions.map(({ module }) => module))];
    const rows = modules.map((module) => ({
        module,
        cells: operations.map((operation) =>
            permissions.find((one) => one.module === module && one.operation === operation),
        ),
    }));
    return { operations, rows };
}

const heldIn = ({ cells }: MatrixRow) => cells.filter((cell): cell is Permission => cell?.held ?? false);

/**
 * The chosen rights after a box was ticked or cleared. Whoever may do something in a module must see it: another right
 * brings "view" along, and without "view" the others go. What the caller does not hold never changes.
 */
export function toggled(row: MatrixRow, permission: Permission, chosen: ReadonlySet<string>): ReadonlySet<string> {
    if (!permission.held) return chosen;
    const next = new Set(chosen);
    if (!chosen.has(permission.name)) {
        next.add(permission.name);
        for (const one of heldIn(row)) if (one.operation === VIEW) next.add(one.name);
        return next;
    }
    const going = permission.operation === VIEW ? heldIn(row) : [permission];
    for (const one of going) next.delete(one.name);
    return next;
}

export type RowState = "none" | "some" | "all";

/** Of the boxes that the caller can change. */
export function rowState(row: MatrixRow, chosen: ReadonlySet<string>): RowState {
    const held = heldIn(row);
    const ticked = held.filter(({ name }) => chosen.has(name)).length;
    if (ticked === 0) return "none";
    return ticked === held.length ? "all" : "some";
}

/** Ticks the whole row, or clears it when it is ticked already. */
export function rowToggled(row: MatrixRow, chosen: ReadonlySet<string>): ReadonlySet<string> {
    const next = new Set(chosen);
    const clear = rowState(row, chosen) === "all";
    for (const { name } of heldIn(row)) {
        if (clear) next.delete(name);
        else next.add(name);
    }
    return next;
}

/** Whether the caller holds whatever the role has: nobody changes who has more. */
export const holdsRole = (permissions: readonly Permission[], role: { readonly permissions: readonly string[] }) =>
    role.permissions.every((name) => permissions.some((one) => one.name === name && one.held));
