import { id, idOrNew, oneOf, ownPaging, type Paging, type Params, text } from "#lib/search";

export interface UsersSearch extends Paging {
    q: string;
    group: string;
    role: string;
    disabled: "" | "yes";
    /** The user whose form is open; "new": the form of somebody new. */
    edit: string;
}

export const usersSearch: Params<UsersSearch> = {
    ...ownPaging,
    q: text(32),
    group: id,
    role: id,
    disabled: oneOf(["yes"]),
    edit: idOrNew,
};
