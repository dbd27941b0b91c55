import { id, idOrNew, ownPaging, type Paging, type Params, text } from "#lib/search";

export interface PeopleSearch extends Paging {
    q: string;
    group: string;
    /** The employee whose form is open; "new": the form of somebody new. */
    edit: string;
}

export const peopleSearch: Params<PeopleSearch> = { ...ownPaging, q: text(32), group: id, edit: idOrNew };
