// How far an operation is, as the list shows it.

import type { Operation } from "#api/gen/smartpass/v1/operations_http";

export interface OperationProgress {
    readonly done: number;
    /** 0: not known yet. */
    readonly total: number;
    /** 0–100; undefined when nothing can be said. What has not ended never reads 100. */
    readonly percent: number | undefined;
}

export function progressOf({
    progress,
    total,
    state,
}: Pick<Operation, "progress" | "total" | "state">): OperationProgress {
    const done = Number(progress);
    const all = Number(total);
    if (state === "OPERATION_STATE_SUCCEEDED") return { done, total: all, percent: 100 };
    if (all <= 0) return { done, total: 0, percent: undefined };
    return { done, total: all, percent: Math.max(0, Math.min(99, Math.floor((100 * done) / all))) };
}

/** What a result says, as pairs of a name and a value; the type's own name is of no interest to a reader. */
export function resultFacts(result: unknown): readonly (readonly [string, string])[] {
    if (typeof result !== "object" || result === null) return [];
    return Object.entries(result)
        .filter(([name, value]) => name !== "@type" && value !== null && value !== "")
        .map(([name, value]) => [words(name), typeof value === "object" ? JSON.stringify(value) : String(value)]);
}

/** "failedRows" → "failed rows". */
const words = (name: string) => name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
