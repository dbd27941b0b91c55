import { expect, it } from "vitest";
import { readSearch } from "#lib/search";
import { loginSearch } from "./search";

const next = (raw: string) => readSearch(loginSearch, { next: raw }).next;

it("goes back to a page of the console", () => {
    expect(next("/passes?state=x")).toBe("/passes?state=x");
});

it("never leads to another site", () => {
    for (const evil of ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)", "evil"])
        expect(next(evil)).toBe("");
});

it("never leads back to the login", () => {
    expect(next("/login?next=/")).toBe("");
    expect(next("/sign-in/external?state=x")).toBe("");
});
