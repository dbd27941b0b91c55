// What the server says against a person that is to be stored.

import { ApiError } from "#api/errors";
import { type Field, fieldOfPath } from "./fields";
import type { Kind } from "./kinds";

export interface FieldProblem {
    readonly field: Field;
    readonly reason: string;
    readonly description: string;
}

/** What the form can show beside its fields; the rest is for a message of its own. */
export function fieldProblems({ fields, message }: Pick<Kind, "fields" | "message">, error: unknown): FieldProblem[] {
    if (!(error instanceof ApiError)) return [];
    return error.violations.flatMap(({ field: path, reason, description }) => {
        const field = fieldOfPath(fields, message, path);
        return field ? [{ field, reason, description }] : [];
    });
}

/** Somebody else has the card, and nothing else is wrong: it can be taken from him. */
export function takenCard(error: unknown): { readonly holder: string } | undefined {
    if (!(error instanceof ApiError) || error.violations.length !== 1) return undefined;
    if (error.violations[0]?.reason !== "CARD_TAKEN") return undefined;
    return { holder: error.metadata.card_holder ?? "" };
}

/** What can be said about a picture before it is sent. The server looks at everything again. */
export function obviousFault(file: { readonly size: number; readonly type: string }): string | undefined {
    if (file.type !== "image/jpeg" && file.type !== "image/png") return "NOT_AN_IMAGE";
    if (file.size > MOST_BYTES) return "TOO_LARGE";
    return undefined;
}

const MOST_BYTES = 512_000;
