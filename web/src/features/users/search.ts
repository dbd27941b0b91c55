import { id, oneOf, ownPaging, type Paging, type Param, type Params, text } from "#lib/search";

export interface UsersSearch extends Paging {
    q: string;
    group: string;
    role: string;
    disabled: "" | "yes";
    /** The user whose form is open; "new": the form of somebody new. */
    edit: string;
}

const userOrNew: Param<string> = {
    fallback: "",
    read: (raw) => (raw === "new" ? "new" : id.read(raw)),
};

export const usersSearch: Params<UsersSearch> = {
    ...ownPaging,
    q: text(32),
    group: id,
    role: id,
    disabled: oneOf(["yes"]),
    edit: userOrNew,
};
