import { describe, expect, it } from "vitest";
import { defaultsOf, formatQuery, parseQuery, readSearch, withoutDefaults } from "#lib/search";
import { employeesSearch, filterRequest, isFiltered, NO_FILTER, peopleSearch } from "./search";

const defaults = defaultsOf(employeesSearch);

describe("the address of a list of people", () => {
    it("survives the way through the address bar", () => {
        const search = {
            ...defaults,
            q: "0007",
            group: "3",
            section: "9",
            photo: "PHOTO_FILTER_WITHOUT" as const,
            granted: "GRANT_FILTER_PENDING" as const,
            show: "12",
            import: "photos" as const,
            run: "77",
            page: 3,
            size: 50,
        };
        expect(readSearch(employeesSearch, parseQuery(formatQuery(search)))).toEqual(search);
    });

    it("holds nothing when there is nothing to say, and ignores what makes no sense", () => {
        expect(withoutDefaults(employeesSearch, defaults)).toEqual({});
        expect(readSearch(employeesSearch, { import: "everything", run: "x", section: "-2", granted: "some" })).toEqual(
            defaults,
        );
    });

    it("leaves the parameter of the grant wizard alone", () => {
        expect(Object.keys(peopleSearch)).not.toContain("grant");
    });
});

describe("the filter", () => {
    it("asks the API for what is set, and for nothing else", () => {
        expect(filterRequest(NO_FILTER)).toEqual({});
        expect(filterRequest({ ...NO_FILTER, q: "Li", granted: "GRANT_FILTER_NONE", section: "4" })).toEqual({
            query: "Li",
            grant: "GRANT_FILTER_NONE",
            sectionId: "4",
        });
    });

    it("is none as long as all of it is empty", () => {
        expect(isFiltered(NO_FILTER)).toBe(false);
        expect(isFiltered({ ...NO_FILTER, photo: "PHOTO_FILTER_WITH" })).toBe(true);
    });
});
