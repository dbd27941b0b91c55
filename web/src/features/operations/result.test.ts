import { expect, it } from "vitest";
import { resultFacts } from "./result";

it("lists what a result says, without the name of its type", () => {
    expect(resultFacts({ "@type": "type.googleapis.com/x", failedRows: "3", note: "", file: { id: "7" } })).toEqual([
        ["failed rows", "3"],
        ["file", '{"id":"7"}'],
    ]);
    expect(resultFacts(undefined)).toEqual([]);
});
