import { expect, it } from "vitest";
import { ApiError } from "#api/errors";
import { fieldProblems, obviousFault } from "./violations";

it("finds the field that was refused", () => {
    const error = new ApiError("INVALID_ARGUMENT", "", "", {}, [
        { field: "employee.card_number", reason: "CARD_TAKEN", description: "" },
        { field: "something.else", reason: "X", description: "" },
    ]);
    expect(fieldProblems(error)).toEqual([{ field: "cardNumber", reason: "CARD_TAKEN", description: "" }]);
    expect(fieldProblems(new Error("x"))).toEqual([]);
});

it("refuses at once what no photo can be", () => {
    expect(obviousFault({ size: 10, type: "text/plain" })).toBe("NOT_AN_IMAGE");
    expect(obviousFault({ size: 512_001, type: "image/jpeg" })).toBe("TOO_LARGE");
    expect(obviousFault({ size: 512_000, type: "image/png" })).toBeUndefined();
});
