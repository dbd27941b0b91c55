// Which columns of a list somebody wants to see, and in which order.

export interface ColumnKind {
    readonly key: string;
    /** Names the row: always there, always first. */
    readonly lead?: boolean;
    /** Actions: always there, always last. */
    readonly quiet?: boolean;
    /** Shown only to whoever asks for it. */
    readonly optional?: boolean;
}

const isChoosable = ({ lead, quiet }: ColumnKind) => !lead && !quiet;

/** The columns that can be chosen, those that are shown first and in their order. `chosen` empty: as they come. */
export function choices<C extends ColumnKind>(
    columns: readonly C[],
    chosen: readonly string[],
): readonly { column: C; shown: boolean }[] {
    const free = columns.filter(isChoosable);
    if (chosen.length === 0) return free.map((column) => ({ column, shown: !column.optional }));
    const shown = chosen.flatMap((key) => free.find((column) => column.key === key) ?? []);
    const hidden = free.filter((column) => !shown.includes(column));
    return [...shown.map((column) => ({ column, shown: true })), ...hidden.map((column) => ({ column, shown: false }))];
}

/** What the list shows. A choice that names nothing which the list still has counts as none. */
export function shownColumns<C extends ColumnKind>(columns: readonly C[], chosen: readonly string[]): readonly C[] {
    const shown = choices(columns, chosen).flatMap((choice) => (choice.shown ? [choice.column] : []));
    if (shown.length === 0) return columns.filter(({ optional }) => !optional);
    return [...columns.filter(({ lead }) => lead), ...shown, ...columns.filter(({ quiet }) => quiet)];
}

/** The choice with the column `by` places further down. */
export function moved(chosen: readonly string[], key: string, by: number): readonly string[] {
    const from = chosen.indexOf(key);
    const to = Math.max(0, Math.min(chosen.length - 1, from + by));
    if (from < 0) return chosen;
    const rest = chosen.filter((one) => one !== key);
    return [...rest.slice(0, to), key, ...rest.slice(to)];
}
