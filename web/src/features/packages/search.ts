import { id, oneOf, ownPaging, type Paging, type Param, type Params, text } from "#lib/search";

export interface PackagesSearch extends Paging {
    q: string;
    /** The upload is open. */
    upload: "open" | "";
}

export const packagesSearch: Params<PackagesSearch> = { ...ownPaging, q: text(32), upload: oneOf(["open"]) };

export interface RolloutsSearch extends Paging {
    /** The rollout whose details are open. */
    show: string;
    /** The form of a new one is open. */
    add: "new" | "";
    /** What the form begins with. */
    package: string;
    group: string;
    /** Ids of terminals, "1,2,3"; "": a group. */
    devices: string;
}

const ids: Param<string> = {
    fallback: "",
    read: (raw) => {
        const list = typeof raw === "string" || typeof raw === "number" ? String(raw) : "";
        return /^[1-9]\d{0,18}(,[1-9]\d{0,18}){0,299}$/.test(list) ? list : undefined;
    },
};

export const rolloutsSearch: Params<RolloutsSearch> = {
    ...ownPaging,
    show: id,
    add: oneOf(["new"]),
    package: id,
    group: id,
    devices: ids,
};

export const idsOf = (list: string): readonly string[] => (list === "" ? [] : list.split(","));
