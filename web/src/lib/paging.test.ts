import { expect, it } from "vitest";
import { lastPage } from "./paging";

it("ends with the last row", () => {
    expect(lastPage(0, 20)).toBe(1);
    expect(lastPage(20, 20)).toBe(1);
    expect(lastPage(21, 20)).toBe(2);
});

it("never asks the server to skip more than it does", () => {
    expect(lastPage(10_001, 20)).toBe(501);
    expect(lastPage(10_001, 100)).toBe(101);
});
