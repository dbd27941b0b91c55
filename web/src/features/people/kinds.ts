// The kinds of people that have a page: which calls they have, which fields, and what can be done with them.

import {
    batchDeleteBlacklistEntries,
    createBlacklistEntry,
    deleteBlacklistEntry,
    getBlacklistEntry,
    listBlacklistEntries,
    updateBlacklistEntry,
} from "#api/gen/smartpass/v1/blacklist_http";
import type { Operation } from "#api/gen/smartpass/v1/operations_http";
import type { Module } from "#api/gen/smartpass/v1/org_http";
import {
    batchDeleteEmployees,
    createEmployee,
    deleteEmployee,
    type Erasure,
    type Gender,
    getEmployee,
    listEmployees,
    updateEmployee,
} from "#api/gen/smartpass/v1/people_http";
import type { ListEmployeesRequestJson, PeopleFilterJson } from "#api/gen/smartpass/v1/people_pb";
import {
    type ExportFormat,
    exportBlacklist,
    exportEmployees,
    exportVisitors,
} from "#api/gen/smartpass/v1/transfer_http";
import type { PersonKind } from "#api/gen/smartpass/v1/types_http";
import {
    batchDeleteVisitors,
    createVisitor,
    deleteVisitor,
    getVisitor,
    listVisitors,
    updateVisitor,
} from "#api/gen/smartpass/v1/visitors_http";
import type { Method, Unary } from "#api/transport";
import type { Field, Person, Values } from "./fields";

export type KindName = "employees" | "visitors" | "blacklist";

interface Called {
    readonly method: Method;
}

/** A page of people as the server gives it: each kind has a name of its own for the rows. */
export interface PeopleAnswer {
    readonly employees?: readonly Person[];
    readonly visitors?: readonly Person[];
    readonly blacklistEntries?: readonly Person[];
    readonly totalSize: number;
}

interface ExportRequest {
    filter?: PeopleFilterJson;
    format: ExportFormat;
    language: string;
}

export interface Kind {
    readonly name: KindName;
    readonly personKind: PersonKind;
    /** Whose sections its people are in. */
    readonly module: Module;
    /** What the API calls the person in a request; begins the paths of its refusals. */
    readonly message: string;
    readonly fields: ReadonlySet<Field>;
    /** They are let through doors by grants, and one card is not at two of them. */
    readonly passes: boolean;
    readonly list: Unary<ListEmployeesRequestJson, PeopleAnswer>;
    readonly get: Unary<{ id?: string }, Person>;
    readonly create: Called;
    readonly update: Called;
    /** Without an id: somebody new. */
    readonly save: (person: Values & { id?: string }, takeCard: boolean) => Promise<Person>;
    readonly remove: Unary<{ id?: string }, Erasure>;
    readonly removeMany: Unary<{ ids?: string[] }, Operation>;
    readonly exportList: Unary<ExportRequest, Operation>;
}

export const rowsOf = (answer: PeopleAnswer | undefined): readonly Person[] | undefined =>
    answer && (answer.employees ?? answer.visitors ?? answer.blacklistEntries ?? []);

const ALL: readonly Field[] = [
    "photoId",
    "name",
    "number",
    "gender",
    "groupId",
    "sectionId",
    "phone",
    "address",
    "cardNumber",
    "identityNumber",
    "birthDate",
    "notes",
];

/** A form holds texts; the one that is no text to the API is the gender, chosen from a list of its names. */
const sent = (person: Values & { id?: string }) => person as Omit<Values, "gender"> & { id?: string; gender: Gender };

export const EMPLOYEES: Kind = {
    name: "employees",
    personKind: "PERSON_KIND_EMPLOYEE",
    module: "MODULE_EMPLOYEES",
    message: "employee",
    fields: new Set([
        ...ALL,
        "nationality",
        "birthplace",
        "employedFrom",
        "employedUntil",
        "consentDate",
        "consentNote",
    ] as const),
    passes: true,
    list: listEmployees,
    get: getEmployee,
    create: createEmployee,
    update: updateEmployee,
    save: (person, takeCard) => {
        const employee = sent(person);
        return person.id ? updateEmployee({ employee, takeCard }) : createEmployee({ employee, takeCard });
    },
    remove: deleteEmployee,
    removeMany: batchDeleteEmployees,
    exportList: exportEmployees,
};

export const VISITORS: Kind = {
    name: "visitors",
    personKind: "PERSON_KIND_VISITOR",
    module: "MODULE_VISITORS",
    message: "visitor",
    fields: new Set([
        ...ALL,
        "company",
        "hostId",
        "purpose",
        "nationality",
        "ethnicity",
        "consentDate",
        "consentNote",
    ] as const),
    passes: true,
    list: listVisitors,
    get: getVisitor,
    create: createVisitor,
    update: updateVisitor,
    save: (person, takeCard) => {
        const visitor = sent(person);
        return person.id ? updateVisitor({ visitor, takeCard }) : createVisitor({ visitor, takeCard });
    },
    remove: deleteVisitor,
    removeMany: batchDeleteVisitors,
    exportList: exportVisitors,
};

export const BLACKLIST: Kind = {
    name: "blacklist",
    personKind: "PERSON_KIND_BLACKLIST",
    module: "MODULE_BLACKLIST",
    message: "blacklist_entry",
    fields: new Set([...ALL, "ethnicity", "birthplace"] as const),
    passes: false,
    list: listBlacklistEntries,
    get: getBlacklistEntry,
    create: createBlacklistEntry,
    update: updateBlacklistEntry,
    save: (person) => {
        const blacklistEntry = sent(person);
        return person.id ? updateBlacklistEntry({ blacklistEntry }) : createBlacklistEntry({ blacklistEntry });
    },
    remove: deleteBlacklistEntry,
    removeMany: batchDeleteBlacklistEntries,
    exportList: exportBlacklist,
};

const KINDS = [EMPLOYEES, VISITORS, BLACKLIST] as const;

/** What is read of people of all kinds: a card that changes hands, or an entry of the blocklist, shows at the others, too. */
export const everybody: readonly Called[] = KINDS.flatMap(({ list, get }) => [list, get]);

/** The kind that the API means; undefined for whoever has no page. */
export const kindOf = (personKind: PersonKind): Kind | undefined =>
    KINDS.find((kind) => kind.personKind === personKind);
