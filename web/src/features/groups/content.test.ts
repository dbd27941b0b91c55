import { describe, expect, it } from "vitest";
import { enumerate, heldBy, movingFrom, totalOf } from "./content";

const content = {
    groups: 0,
    users: 1,
    devices: 3,
    employees: 12,
    visitors: 0,
    blacklist: 0,
    sections: 2,
    administrators: 0,
};

describe("what a group holds", () => {
    it("is said without what it does not hold", () => {
        expect(heldBy(content).map(({ what }) => what)).toEqual(["users", "devices", "employees", "sections"]);
    });

    it("moves without its module groups, which belong to it alone", () => {
        expect(movingFrom(content)).toEqual([
            { what: "users", count: 1 },
            { what: "devices", count: 3 },
            { what: "employees", count: 12 },
        ]);
        expect(totalOf(movingFrom(content))).toBe(16);
    });
});

describe("an enumeration", () => {
    it("joins any number of words", () => {
        expect(enumerate([], ", ", " and ")).toBe("");
        expect(enumerate(["a"], ", ", " and ")).toBe("a");
        expect(enumerate(["a", "b"], ", ", " and ")).toBe("a and b");
        expect(enumerate(["a", "b", "c"], ", ", " and ")).toBe("a, b and c");
    });
});
