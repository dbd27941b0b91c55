import { describe, expect, it } from "vitest";
import { differenceOf } from "./difference";

const json = (value: unknown) => JSON.stringify(value);

describe("the difference of two states", () => {
    it("tells what changed from what did not", () => {
        expect(differenceOf(json({ name: "Ann", number: "7" }), json({ name: "Anne", number: "7" }))).toEqual([
            { path: "name", change: "changed", before: "Ann", after: "Anne" },
            { path: "number", change: "same", before: "7", after: "7" },
        ]);
    });

    it("keeps a field that only one side has beside its neighbours", () => {
        const changes = differenceOf(json({ a: "1", b: "2", c: "3" }), json({ a: "1", c: "3", d: "4" }));
        expect(changes.map(({ path, change }) => [path, change])).toEqual([
            ["a", "same"],
            ["b", "removed"],
            ["c", "same"],
            ["d", "added"],
        ]);
    });

    it("keeps a first field that is gone in the first place", () => {
        expect(differenceOf(json({ a: "1", b: "2" }), json({ b: "2" })).map(({ path }) => path)).toEqual(["a", "b"]);
    });

    it("names inner fields by their way", () => {
        expect(differenceOf(json({ settings: { relaySeconds: 5 } }), json({ settings: { relaySeconds: 6 } }))).toEqual([
            { path: "settings.relaySeconds", change: "changed", before: "5", after: "6" },
        ]);
        expect(differenceOf("", json({ lists: [{ list: "people" }] }))[0]?.path).toBe("lists[1].list");
    });

    it("reads a list of plain values as one value", () => {
        expect(differenceOf(json({ permissions: ["a", "b"] }), json({ permissions: ["b"] }))).toEqual([
            { path: "permissions", change: "changed", before: "a, b", after: "b" },
        ]);
    });

    it("has everything added for what is new, and removed for what is gone", () => {
        expect(differenceOf("", json({ name: "Ann" }))[0]?.change).toBe("added");
        expect(differenceOf(json({ name: "Ann" }), "")[0]?.change).toBe("removed");
        expect(differenceOf("", "")).toEqual([]);
    });

    it("shows what is no JSON as it is", () => {
        expect(differenceOf("{cut", "")).toEqual([{ path: "", change: "removed", before: "{cut", after: "" }]);
    });
});
