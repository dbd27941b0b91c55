// Where in the form a refusal belongs.

import { ApiError } from "#api/errors";

export type EmployeeField = "number" | "name" | "groupId" | "phone" | "cardNumber" | "notes" | "photoId";

export interface FieldProblem {
    readonly field: EmployeeField;
    readonly reason: string;
    readonly description: string;
}

const FIELDS: Readonly<Record<string, EmployeeField>> = {
    "employee.number": "number",
    "employee.name": "name",
    "employee.group_id": "groupId",
    "employee.phone": "phone",
    "employee.card_number": "cardNumber",
    "employee.notes": "notes",
    "employee.photo_id": "photoId",
    photo: "photoId",
};

/** What the form can show beside its fields; the rest is for a message of its own. */
export function fieldProblems(error: unknown): readonly FieldProblem[] {
    if (!(error instanceof ApiError)) return [];
    return error.violations.flatMap(({ field, reason, description }) => {
        const known = FIELDS[field];
        return known ? [{ field: known, reason, description }] : [];
    });
}

/** What can be said about a file before it is sent. The server looks at everything again. */
export function obviousFault(file: { readonly size: number; readonly type: string }): string | undefined {
    if (file.type !== "image/jpeg" && file.type !== "image/png") return "NOT_AN_IMAGE";
    if (file.size > MOST_BYTES) return "TOO_LARGE";
    return undefined;
}

const MOST_BYTES = 512_000;
