import { expect, it } from "vitest";
import { csv } from "./csv";

it("quotes what needs quotes and leaves the rest alone", () => {
    expect(
        csv([
            ["name", "why"],
            ['Li "Na"', "a, b"],
        ]),
    ).toBe('\ufeffname,why\r\n"Li ""Na""","a, b"\r\n');
});

it("never lets a cell run as a formula", () => {
    expect(csv([["=1+1"]])).toBe("\ufeff'=1+1\r\n");
});
