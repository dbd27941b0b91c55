import {
    type PassResult,
    type PassState,
    type PersonKind,
    passResultNames,
    passStateNames,
    personKindNames,
} from "#api/gen/smartpass/v1/types_http";
import { id, oneOf, ownPaging, type Paging, type Params, text, wallMinute } from "#lib/search";

export interface PassesSearch extends Paging {
    q: string;
    device: string;
    person: string;
    kind: PersonKind | "";
    state: PassState | "";
    result: PassResult | "";
    /** On the enterprise's wall clock; "": open. */
    from: string;
    to: string;
    /** The record that is shown large. */
    show: string;
}

export const passesSearch: Params<PassesSearch> = {
    ...ownPaging,
    q: text(32),
    device: id,
    person: id,
    kind: oneOf(personKindNames),
    state: oneOf(passStateNames),
    result: oneOf(passResultNames),
    from: wallMinute,
    to: wallMinute,
    show: id,
};

export const NO_FILTER = {
    q: "",
    device: "",
    person: "",
    kind: "",
    state: "",
    result: "",
    from: "",
    to: "",
} as const satisfies Partial<PassesSearch>;

export const isFiltered = (search: PassesSearch) =>
    (Object.keys(NO_FILTER) as (keyof typeof NO_FILTER)[]).some((key) => search[key] !== "");

/** The filter as the API wants it. */
export function passesRequest(search: PassesSearch, instantOf: (wall: string) => string) {
    const { q, device, person, kind, state, result, from, to } = search;
    return {
        query: q,
        deviceId: device,
        personId: person,
        ...(kind && { kind }),
        ...(state && { state }),
        ...(result && { result }),
        ...(from && { from: instantOf(from) }),
        ...(to && { to: instantOf(to) }),
    };
}
