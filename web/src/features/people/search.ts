import {
    type GrantFilter,
    grantFilterNames,
    type PhotoFilter,
    photoFilterNames,
} from "#api/gen/smartpass/v1/people_http";
import type { PeopleFilterJson } from "#api/gen/smartpass/v1/people_pb";
import { id, idOrNew, oneOf, ownPaging, type Paging, type Params, text } from "#lib/search";

export interface PeopleSearch extends Paging {
    q: string;
    group: string;
    /** A section of the group. */
    section: string;
    photo: PhotoFilter | "";
    /** Not "grant": that is the wizard which every page can open. */
    granted: GrantFilter | "";
    /** The person whose details are open. */
    show: string;
    /** The person whose form is open; "new": the form of somebody new. */
    edit: string;
}

export const peopleSearch: Params<PeopleSearch> = {
    ...ownPaging,
    q: text(32),
    group: id,
    section: id,
    photo: oneOf(photoFilterNames),
    granted: oneOf(grantFilterNames),
    show: id,
    edit: idOrNew,
};

export interface EmployeesSearch extends PeopleSearch {
    /** Which import is open. */
    import: "information" | "photos" | "";
    /** The operation that the open import follows; "": it has not begun. */
    run: string;
}

export const employeesSearch: Params<EmployeesSearch> = {
    ...peopleSearch,
    import: oneOf(["information", "photos"]),
    run: id,
};

export interface ErasuresSearch extends Paging {
    q: string;
    /** "pending": those alone that wait for a terminal. */
    state: "pending" | "";
    /** The receipt that is open. */
    show: string;
}

export const erasuresSearch: Params<ErasuresSearch> = {
    ...ownPaging,
    q: text(32),
    state: oneOf(["pending"]),
    show: id,
};

export const NO_FILTER = {
    q: "",
    group: "",
    section: "",
    photo: "",
    granted: "",
} as const satisfies Partial<PeopleSearch>;

type Filter = Pick<PeopleSearch, keyof typeof NO_FILTER>;

export const isFiltered = (search: Filter) =>
    (Object.keys(NO_FILTER) as (keyof typeof NO_FILTER)[]).some((key) => search[key] !== "");

/** The filter as the API wants it: the same for the list and for an export. */
export const filterRequest = ({ q, group, section, photo, granted }: Filter): PeopleFilterJson => ({
    ...(q && { query: q }),
    ...(group && { groupId: group }),
    ...(section && { sectionId: section }),
    ...(photo && { photo }),
    ...(granted && { grant: granted }),
});
