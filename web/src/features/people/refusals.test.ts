import { describe, expect, it } from "vitest";
import { ApiError } from "#api/errors";
import { EMPLOYEES } from "./kinds";
import { fieldProblems, obviousFault, takenCard } from "./refusals";

const refused = (fields: Record<string, string>, metadata: Record<string, string> = {}) =>
    new ApiError(
        "INVALID_ARGUMENT",
        "",
        "",
        metadata,
        Object.entries(fields).map(([field, reason]) => ({ field, reason, description: "" })),
    );

it("finds the field that was refused", () => {
    const error = refused({ "employee.card_number": "CARD_TAKEN", "something.else": "X" });
    expect(fieldProblems(EMPLOYEES, error)).toEqual([{ field: "cardNumber", reason: "CARD_TAKEN", description: "" }]);
    expect(fieldProblems(EMPLOYEES, new Error("x"))).toEqual([]);
});

describe("a card of somebody else", () => {
    it("can be taken when nothing else is wrong", () => {
        const error = refused({ "employee.card_number": "CARD_TAKEN" }, { card_holder: "Li Na (007)" });
        expect(takenCard(error)).toEqual({ holder: "Li Na (007)" });
        expect(takenCard(refused({ "employee.card_number": "CARD_TAKEN" }))).toEqual({ holder: "" });
    });

    it("is not asked about while the form has other faults", () => {
        const error = refused({ "employee.card_number": "CARD_TAKEN", "employee.number": "NUMBER_TAKEN" });
        expect(takenCard(error)).toBeUndefined();
        expect(takenCard(refused({ "employee.number": "NUMBER_TAKEN" }))).toBeUndefined();
        expect(takenCard(new Error("x"))).toBeUndefined();
    });
});

it("refuses at once what no photo can be", () => {
    expect(obviousFault({ size: 10, type: "text/plain" })).toBe("NOT_AN_IMAGE");
    expect(obviousFault({ size: 512_001, type: "image/jpeg" })).toBe("TOO_LARGE");
    expect(obviousFault({ size: 512_000, type: "image/png" })).toBeUndefined();
});
