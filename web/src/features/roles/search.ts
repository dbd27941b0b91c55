import { idOrNew, type Params } from "#lib/search";

export interface RolesSearch {
    /** The role whose matrix is open; "new": that of a new one. */
    edit: string;
}

export const rolesSearch: Params<RolesSearch> = { edit: idOrNew };
