import { oneOf, type Params } from "#lib/search";

export const TABS = ["sessions", "security", "tokens"] as const;

export interface AccountSearch {
    /** "": the profile. */
    tab: (typeof TABS)[number] | "";
}

export const accountSearch: Params<AccountSearch> = { tab: oneOf(TABS) };
