import { describe, expect, it } from "vitest";
import type { Session } from "#api/session";
import { homeOf, pagesFor } from "./pages";

const session = (change: Partial<Session>) =>
    ({ superAdmin: false, enterpriseAdministrator: false, permissions: [], ...change }) as unknown as Session;
const addresses = (who: Session) => pagesFor(who).flatMap(({ pages }) => pages.map(({ to }) => to));

describe("the rail", () => {
    it("of somebody without a right is empty, and leads to the own account", () => {
        expect(pagesFor(session({}))).toEqual([]);
        expect(homeOf(session({}))).toBe("/account");
    });

    it("of a normal user has what the role opens, and begins with the first of it", () => {
        const reception = session({ permissions: ["employees.view", "users.view"] });
        expect(addresses(reception)).toEqual(["/employees", "/users", "/roles"]);
        expect(homeOf(reception)).toBe("/employees");
    });

    it("has a page for each kind of people that the role lets one see", () => {
        expect(addresses(session({ permissions: ["visitors.view", "erasures.view"] }))).toEqual([
            "/visitors",
            "/erasures",
        ]);
    });

    it("leaves out a section that has no page for this user", () => {
        expect(pagesFor(session({ permissions: ["audit.view"] })).map(({ word }) => word)).toEqual(["administration"]);
    });

    it("has groups for the enterprise's administrator and for whoever edits the groups of a module", () => {
        expect(addresses(session({ enterpriseAdministrator: true }))).toEqual(["/groups"]);
        expect(addresses(session({ permissions: ["sections.edit"] }))).toEqual(["/groups"]);
    });

    it("has enterprises for the super administrator alone", () => {
        expect(addresses(session({ superAdmin: true }))).toContain("/enterprises");
        expect(addresses(session({ enterpriseAdministrator: true }))).not.toContain("/enterprises");
    });
});
