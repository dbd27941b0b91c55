import { idOrNew, ownPaging, type Paging, type Params, text } from "#lib/search";

export interface EnterprisesSearch extends Paging {
    q: string;
    /** The enterprise whose form is open; "new": that of a new one. */
    edit: string;
}

export const enterprisesSearch: Params<EnterprisesSearch> = { ...ownPaging, q: text(32), edit: idOrNew };
