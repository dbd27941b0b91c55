import { describe, expect, it } from "vitest";
import { areReversed, fieldOfPath, formParts, type Person, valuesOf } from "./fields";
import { BLACKLIST, EMPLOYEES, kindOf, rowsOf, VISITORS } from "./kinds";

const names = (kind: typeof EMPLOYEES) => formParts(kind.fields).map(({ name }) => name);

describe("the form of a kind", () => {
    it("has the parts that its fields fill, and no empty one", () => {
        expect(names(EMPLOYEES)).toEqual(["who", "contact", "cards", "more", "consent"]);
        expect(names(VISITORS)).toEqual(["who", "visit", "contact", "cards", "more", "consent"]);
        expect(names(BLACKLIST)).toEqual(["who", "contact", "cards", "more"]);
    });

    it("has each of its fields exactly once", () => {
        for (const kind of [EMPLOYEES, VISITORS, BLACKLIST]) {
            const arranged = formParts(kind.fields).flatMap(({ fields }) => fields);
            expect([...arranged].sort()).toEqual([...kind.fields].sort());
        }
    });

    it("is blank for somebody new, and says what is stored of somebody known", () => {
        expect(valuesOf(BLACKLIST.fields, undefined)).toMatchObject({
            name: "",
            gender: "GENDER_UNSPECIFIED",
            sectionId: "0",
            photoId: "0",
        });
        const person = { id: "7", name: "Li Na", number: "007", gender: "GENDER_FEMALE", deviceCount: 3 };
        const values = valuesOf(EMPLOYEES.fields, person as Person);
        expect(values).toMatchObject({ name: "Li Na", number: "007", gender: "GENDER_FEMALE", birthplace: "" });
        expect(values).not.toHaveProperty("deviceCount");
        expect(values).not.toHaveProperty("company");
    });
});

describe("a path of the server", () => {
    it("leads to the field of the same name", () => {
        expect(fieldOfPath(EMPLOYEES.fields, "employee", "employee.identity_number")).toBe("identityNumber");
        expect(fieldOfPath(BLACKLIST.fields, "blacklist_entry", "blacklist_entry.group_id")).toBe("groupId");
        expect(fieldOfPath(VISITORS.fields, "visitor", "photo")).toBe("photoId");
    });

    it("leads nowhere when the kind has no such field", () => {
        expect(fieldOfPath(BLACKLIST.fields, "blacklist_entry", "blacklist_entry.company")).toBeUndefined();
        expect(fieldOfPath(EMPLOYEES.fields, "employee", "visitor.name")).toBeUndefined();
        expect(fieldOfPath(EMPLOYEES.fields, "employee", "ids")).toBeUndefined();
    });
});

it("compares days as texts, and an open end is after everything", () => {
    expect(areReversed("2026-05-01", "2026-04-30")).toBe(true);
    expect(areReversed("2026-05-01", "2026-05-01")).toBe(false);
    expect(areReversed("2026-05-01", "")).toBe(false);
    expect(areReversed("", "2026-05-01")).toBe(false);
});

it("knows the rows of a page by whatever name the kind gives them", () => {
    expect(rowsOf(undefined)).toBeUndefined();
    expect(rowsOf({ totalSize: 0 })).toEqual([]);
    expect(rowsOf({ blacklistEntries: [{ id: "1" } as Person], totalSize: 1 })).toHaveLength(1);
    expect(kindOf("PERSON_KIND_VISITOR")).toBe(VISITORS);
    expect(kindOf("PERSON_KIND_STRANGER")).toBeUndefined();
});
