// What an import is about to do, as far as it can be told from its preview.

import type { ImportPreview, ImportProblem, ImportRow } from "#api/gen/smartpass/v1/transfer_http";

export type ImportKind = "information" | "photos";

/** More than this is not imported at once. */
export const MOST_ROWS = 100_000;

/** Headers of columns that nobody understands, in the order of the file; empty ones have no name to say. */
export const ignoredHeaders = ({ columns }: Pick<ImportPreview, "columns">): readonly string[] =>
    columns.filter(({ field, header }) => field === "" && header !== "").map(({ header }) => header);

export const rowsWithProblems = ({ rows }: Pick<ImportPreview, "rows">): number =>
    rows.filter(({ problems }) => problems.length > 0).length;

/** The problems that stand in a column of the file. */
export const problemsAt = ({ problems }: ImportRow, header: string): readonly ImportProblem[] =>
    problems.filter(({ column }) => column === header);

/** Those that are of no column, or of one that the file does not have. */
export const problemsElsewhere = ({ problems }: ImportRow, headers: readonly string[]): readonly ImportProblem[] =>
    problems.filter(({ column }) => !headers.includes(column));

const UNITS = ["B", "KB", "MB", "GB"] as const;

/** "1.4 MB" for whoever waits for an upload. */
export function bytesInWords(bytes: number): string {
    let value = bytes;
    let unit = 0;
    while (value >= 1_000 && unit < UNITS.length - 1) {
        value /= 1_000;
        unit++;
    }
    return `${unit === 0 ? value : value.toFixed(1)} ${UNITS[unit]}`;
}
