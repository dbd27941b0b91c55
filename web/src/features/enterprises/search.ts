import { id, ownPaging, type Paging, type Param, type Params, text } from "#lib/search";

export interface EnterprisesSearch extends Paging {
    q: string;
    /** The enterprise whose form is open; "new": that of a new one. */
    edit: string;
}

const enterpriseOrNew: Param<string> = {
    fallback: "",
    read: (raw) => (raw === "new" ? "new" : id.read(raw)),
};

export const enterprisesSearch: Params<EnterprisesSearch> = { ...ownPaging, q: text(32), edit: enterpriseOrNew };
