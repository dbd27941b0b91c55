import { id, ownPaging, type Paging, type Param, type Params, text } from "#lib/search";

export interface PeopleSearch extends Paging {
    q: string;
    group: string;
    /** The employee whose form is open; "new": the form of somebody new. */
    edit: string;
}

const employeeOrNew: Param<string> = {
    fallback: "",
    read: (raw) => (raw === "new" ? "new" : id.read(raw)),
};

export const peopleSearch: Params<PeopleSearch> = { ...ownPaging, q: text(32), group: id, edit: employeeOrNew };
