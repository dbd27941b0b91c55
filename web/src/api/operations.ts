// How far an operation is and what came out of it, for whoever follows one.

import type { Operation } from "./gen/smartpass/v1/operations_http";

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

/** The result, when it is the message of this name, e.g. "ExportResult". */
export function resultOf<Result>({ result }: Pick<Operation, "result">, message: string): Result | undefined {
    const type = (result as { "@type"?: unknown } | undefined)?.["@type"];
    return typeof type === "string" && type.endsWith(`/smartpass.v1.${message}`) ? (result as Result) : undefined;
}
