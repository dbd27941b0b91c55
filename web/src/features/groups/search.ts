import { id, type Params } from "#lib/search";

export interface GroupsSearch {
    /** The chosen group; "": the one at the top. */
    group: string;
}

export const groupsSearch: Params<GroupsSearch> = { group: id };
