import { id, type Param, type Params } from "#lib/search";

export interface RolesSearch {
    /** The role whose matrix is open; "new": that of a new one. */
    edit: string;
}

const roleOrNew: Param<string> = {
    fallback: "",
    read: (raw) => (raw === "new" ? "new" : id.read(raw)),
};

export const rolesSearch: Params<RolesSearch> = { edit: roleOrNew };
