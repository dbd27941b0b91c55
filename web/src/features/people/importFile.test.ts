import { describe, expect, it } from "vitest";
import type { ImportProblem } from "#api/gen/smartpass/v1/transfer_http";
import { bytesInWords, ignoredHeaders, problemsAt, problemsElsewhere, rowsWithProblems } from "./importFile";

const problem = (column: string): ImportProblem => ({
    row: 2,
    column,
    field: "",
    reason: "FIELD_REQUIRED",
    message: "",
    value: "",
});
const row = (...columns: string[]) => ({ row: 2, cells: ["a"], problems: columns.map(problem) });

describe("the preview of an import", () => {
    it("names the columns that nobody understands, but not those without a name", () => {
        const columns = [
            { header: "Name", field: "name" },
            { header: "Shoe size", field: "" },
            { header: "", field: "" },
        ];
        expect(ignoredHeaders({ columns })).toEqual(["Shoe size"]);
    });

    it("counts rows with problems, not problems", () => {
        expect(rowsWithProblems({ rows: [row("Name", "Phone"), row(), row("Name")] })).toBe(2);
    });

    it("shows each problem once: at its column, or at the end when the file has no such column", () => {
        const troubled = row("Name", "Group");
        expect(problemsAt(troubled, "Name").map(({ column }) => column)).toEqual(["Name"]);
        expect(problemsElsewhere(troubled, ["Name"]).map(({ column }) => column)).toEqual(["Group"]);
    });
});

it("says sizes as people do", () => {
    expect(bytesInWords(0)).toBe("0 B");
    expect(bytesInWords(999)).toBe("999 B");
    expect(bytesInWords(1_400_000)).toBe("1.4 MB");
    expect(bytesInWords(4_300_000_000)).toBe("4.3 GB");
});
