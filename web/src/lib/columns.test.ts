import { describe, expect, it } from "vitest";
import { choices, moved, shownColumns } from "./columns";

const columns = [
    { key: "name", lead: true },
    { key: "group" },
    { key: "phone" },
    { key: "card" },
    { key: "address", optional: true },
    { key: "actions", quiet: true },
];
const keys = (chosen: readonly string[]) => shownColumns(columns, chosen).map(({ key }) => key);

describe("chosen columns", () => {
    it("are all but the optional ones when nobody has chosen", () => {
        expect(keys([])).toEqual(["name", "group", "phone", "card", "actions"]);
        expect(keys(["address", "phone"])).toEqual(["name", "address", "phone", "actions"]);
    });

    it("stand in their order between the name and the actions", () => {
        expect(keys(["card", "group"])).toEqual(["name", "card", "group", "actions"]);
    });

    it("forget columns that the list no longer has", () => {
        expect(keys(["fax", "phone"])).toEqual(["name", "phone", "actions"]);
        expect(keys(["fax"])).toEqual(["name", "group", "phone", "card", "actions"]);
    });

    it("never name a column twice or one that is fixed", () => {
        expect(keys(["name", "phone", "actions"])).toEqual(["name", "phone", "actions"]);
    });

    it("are offered first, the hidden ones behind them", () => {
        expect(choices(columns, ["card"]).map(({ column, shown }) => [column.key, shown])).toEqual([
            ["card", true],
            ["group", false],
            ["phone", false],
            ["address", false],
        ]);
    });

    it("move within their list", () => {
        expect(moved(["a", "b", "c"], "a", 1)).toEqual(["b", "a", "c"]);
        expect(moved(["a", "b", "c"], "c", 1)).toEqual(["a", "b", "c"]);
        expect(moved(["a", "b", "c"], "c", -1)).toEqual(["a", "c", "b"]);
        expect(moved(["a", "b"], "x", 1)).toEqual(["a", "b"]);
    });
});
