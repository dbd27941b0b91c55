import { describe, expect, it } from "vitest";
import { defaultsOf, formatQuery, parseQuery, readSearch, withoutDefaults } from "#lib/search";
import { instantOfWall } from "#lib/time";
import { type AuditSearch, auditRequest, auditSearch, isFiltered } from "./search";

const instantOf = (wall: string) => instantOfWall(`${wall}:00`, "Asia/Shanghai");
const search = (change: Partial<AuditSearch>): AuditSearch => ({ ...defaultsOf(auditSearch), ...change });

describe("the filter of the audit log", () => {
    it("survives the way through the address bar", () => {
        const filter = search({
            q: "0007 Ann",
            module: "people",
            operator: "ann token:crm",
            result: "refused",
            from: "2026-11-20T08:00",
            to: "2026-11-20T09:00",
            after: "AbC-_=12",
            size: 50,
            show: "77",
        });
        expect(readSearch(auditSearch, parseQuery(formatQuery(filter as object as Record<string, unknown>)))).toEqual(
            filter,
        );
    });

    it("leaves nothing in the address when there is none", () => {
        expect(withoutDefaults(auditSearch, search({}))).toEqual({});
    });

    it("reads nonsense as no filter", () => {
        const raw = { module: "kitchen", result: "ok", from: "yesterday", after: "a b", size: "7", show: "x" };
        expect(readSearch(auditSearch, raw)).toEqual(defaultsOf(auditSearch));
    });

    it("asks the server in instants", () => {
        expect(auditRequest(search({ from: "2026-11-20T08:00", result: "refused" }), instantOf)).toEqual({
            query: "",
            module: "",
            operator: "",
            refused: true,
            from: "2026-11-20T00:00:00.000Z",
        });
    });

    it("is told from the page and the open row", () => {
        expect(isFiltered(search({ after: "x", size: 50, show: "1" }))).toBe(false);
        expect(isFiltered(search({ operator: "ann" }))).toBe(true);
    });
});
