import { describe, expect, it } from "vitest";
import {
    defaultsOf,
    formatQuery,
    id,
    idOrNew,
    oneOf,
    pageRequest,
    paging,
    parseQuery,
    readSearch,
    text,
    wallMinute,
    withoutDefaults,
} from "./search";

const params = { ...paging, q: text(5), device: id, state: oneOf(["ON", "OFF"]), from: wallMinute };

describe("search parameters", () => {
    it("are all defaults when the address says nothing", () => {
        expect(readSearch(params, {})).toEqual({ page: 1, size: 20, q: "", device: "", state: "", from: "" });
        expect(defaultsOf(params)).toEqual(readSearch(params, {}));
    });

    it("survive the way through the address bar", () => {
        const search = {
            page: 3,
            size: 50,
            q: "Li&N",
            device: "9007199254740993",
            state: "ON",
            from: "2026-11-20T22:06",
        };
        expect(readSearch(params, parseQuery(formatQuery(search)))).toEqual(search);
    });

    it("name an object or a new one", () => {
        expect(["17", "new", "newer", "0"].map((raw) => idOrNew.read(raw))).toEqual([
            "17",
            "new",
            undefined,
            undefined,
        ]);
    });

    it("read nonsense as the default", () => {
        const raw = { page: "-1", size: "7", device: "x", state: "MAYBE", from: "2026-13-99T99:99" };
        expect(readSearch(params, raw)).toEqual(defaultsOf(params));
    });

    it("keep limits", () => {
        expect(readSearch(params, { q: "abcdefgh", page: "99999999" })).toMatchObject({ q: "abcde", page: 10_000 });
    });

    it("leave empty values out of the address", () => {
        expect(formatQuery({ q: "", page: undefined, device: "7" })).toBe("?device=7");
        expect(formatQuery({})).toBe("");
    });

    it("leave defaults out of the address, but nothing that belongs to somebody else", () => {
        expect(withoutDefaults(params, { page: 1, size: 50, q: "", grant: "new" })).toEqual({ size: 50, grant: "new" });
    });

    it("turn a page into rows to skip, within what the server allows", () => {
        expect(pageRequest({ page: 3, size: 20 })).toEqual({ pageSize: 20, skip: 40 });
        expect(pageRequest({ page: 10_000, size: 100 })).toEqual({ pageSize: 100, skip: 10_000 });
    });
});
