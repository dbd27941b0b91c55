import { describe, expect, it } from "vitest";
import { groupRows, isWithin, MOST_LEVELS, moveProblem, pathTo } from "./groupTree";

const group = (id: string, parentId: string, name = `Group ${id}`) => ({ id, parentId, name });

const groups = [
    group("1", "0", "Headquarters"),
    group("2", "1", "Engineering"),
    group("3", "1", "Sales"),
    group("4", "2", "Firmware"),
    group("5", "3", "Firmware"),
];

const chain = (levels: number) =>
    Array.from({ length: levels }, (_, index) => group(String(index + 1), String(index), `Level ${index + 1}`));

describe("the rows of the tree", () => {
    it("go from top to bottom, children below their parent", () => {
        expect(groupRows(groups).map(({ group, depth }) => `${depth} ${group.name}`)).toEqual([
            "0 Headquarters",
            "1 Engineering",
            "2 Firmware",
            "1 Sales",
            "2 Firmware",
        ]);
    });

    it("leave out what a folded group holds, but not the group", () => {
        const rows = groupRows(groups, new Set(["2"]));
        expect(rows.map(({ group }) => group.id)).toEqual(["1", "2", "3", "5"]);
        expect(rows[1]?.hasChildren).toBe(true);
    });

    it("know their place among their siblings", () => {
        expect(groupRows(groups)[3]).toMatchObject({ position: 2, siblings: 2, hasChildren: true });
    });

    it("begin with whatever stands at the top of what one sees, even several groups", () => {
        expect(groupRows([group("7", "0"), group("9", "0")]).map(({ depth }) => depth)).toEqual([0, 0]);
    });
});

describe("a path", () => {
    it("begins at the top and ends with the group", () => {
        expect(pathTo(groups, "4").map(({ name }) => name)).toEqual(["Headquarters", "Engineering", "Firmware"]);
    });

    it("to a group that is not there is empty", () => {
        expect(pathTo(groups, "77")).toEqual([]);
        expect(isWithin(groups, "77", "1")).toBe(false);
    });

    it("ends even in a list that goes in a circle", () => {
        expect(pathTo([group("1", "2"), group("2", "1")], "1").length).toBe(MOST_LEVELS);
    });
});

describe("a move", () => {
    it("to another branch is fine", () => {
        expect(moveProblem(groups, "2", "3")).toBeUndefined();
    });

    it("never takes the root along", () => {
        expect(moveProblem(groups, "1", "2")).toBe("ROOT_STAYS");
    });

    it("below itself or below its own child would be a circle", () => {
        expect(moveProblem(groups, "2", "2")).toBe("GROUP_CIRCLE");
        expect(moveProblem(groups, "2", "4")).toBe("GROUP_CIRCLE");
    });

    it("to where the group is already changes nothing", () => {
        expect(moveProblem(groups, "2", "1")).toBe("ALREADY_THERE");
    });

    it("beside a sibling of the same name is refused", () => {
        expect(moveProblem(groups, "4", "3")).toBe("NAME_TAKEN");
    });

    it("counts what comes along against the deepest level", () => {
        const deep = [...chain(MOST_LEVELS - 1), group("50", "1", "Pair"), group("51", "50", "Below")];
        const last = String(MOST_LEVELS - 1);
        expect(moveProblem(deep, "51", last)).toBeUndefined();
        expect(moveProblem(deep, "50", last)).toBe("GROUP_TOO_DEEP");
    });
});
