// What is known of a person, of whatever kind: which fields there are, how a form arranges them, and what it sends.

import { type BlacklistEntry, blacklistEntryMaxBytes } from "#api/gen/smartpass/v1/blacklist_http";
import { type Employee, employeeMaxBytes } from "#api/gen/smartpass/v1/people_http";
import { type Visitor, visitorMaxBytes } from "#api/gen/smartpass/v1/visitors_http";

type Shared = keyof Employee & keyof Visitor & keyof BlacklistEntry;

/** Somebody of any kind: what all have, and what some have besides. */
export type Person = Pick<Employee, Shared> &
    Partial<Omit<Employee, Shared>> &
    Partial<Omit<Visitor, Shared>> &
    Partial<Omit<BlacklistEntry, Shared>>;

const TEXTS = [
    "name",
    "number",
    "phone",
    "address",
    "cardNumber",
    "identityNumber",
    "company",
    "purpose",
    "nationality",
    "ethnicity",
    "birthplace",
    "birthDate",
    "employedFrom",
    "employedUntil",
    "notes",
    "consentDate",
    "consentNote",
] as const;

export type TextField = (typeof TEXTS)[number];

/** Whatever a form of a person may hold. */
export type Field = TextField | "gender" | "groupId" | "sectionId" | "hostId" | "photoId";

const DAYS: ReadonlySet<Field> = new Set(["birthDate", "employedFrom", "employedUntil", "consentDate"]);
export const isDay = (field: Field) => DAYS.has(field);

export const isText = (field: Field): field is TextField => (TEXTS as readonly string[]).includes(field);

/** Bytes that the API takes; the kinds agree wherever they have the same field. */
export const maxBytes: Readonly<Record<TextField, number>> = {
    ...employeeMaxBytes,
    ...visitorMaxBytes,
    ...blacklistEntryMaxBytes,
};

const PARTS = {
    who: ["photoId", "name", "number", "gender", "groupId", "sectionId"],
    visit: ["company", "hostId", "purpose"],
    contact: ["phone", "address"],
    cards: ["cardNumber", "identityNumber"],
    more: ["nationality", "ethnicity", "birthplace", "birthDate", "employedFrom", "employedUntil", "notes"],
    consent: ["consentDate", "consentNote"],
} as const satisfies Record<string, readonly Field[]>;

export type PartName = keyof typeof PARTS;

export interface FormPart {
    readonly name: PartName;
    readonly fields: readonly Field[];
}

/** The form of a kind that has these fields, part by part; a part that would be empty is left out. */
export const formParts = (fields: ReadonlySet<Field>): readonly FormPart[] =>
    (Object.keys(PARTS) as PartName[])
        .map((name) => ({ name, fields: PARTS[name].filter((field) => fields.has(field)) }))
        .filter((part) => part.fields.length > 0);

const NOTHING: Readonly<Record<Exclude<Field, TextField>, string>> = {
    gender: "GENDER_UNSPECIFIED",
    groupId: "0",
    sectionId: "0",
    hostId: "0",
    photoId: "0",
};

/** What the form holds: every field is a text. */
export type Values = Partial<Record<Field, string>>;

/** What is stored of a person, as the form holds it; of nobody: a blank form. */
export function valuesOf(fields: ReadonlySet<Field>, person: Person | undefined): Values {
    const values: Values = {};
    for (const field of fields) values[field] = person?.[field] ?? (isText(field) ? "" : NOTHING[field]);
    return values;
}

/** Where in the form the server's path belongs: "employee.card_number" is the card number. */
export function fieldOfPath(fields: ReadonlySet<Field>, message: string, path: string): Field | undefined {
    if (path === "photo") return "photoId";
    if (!path.startsWith(`${message}.`)) return undefined;
    const name = path.slice(message.length + 1).replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
    return [...fields].find((field) => field === name);
}

/** The last day is before the first; days of this form sort as texts. */
export const areReversed = (from: string | undefined, until: string | undefined) => !!from && !!until && until < from;
