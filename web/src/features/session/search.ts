import { type Param, type Params, text } from "#lib/search";

export interface LoginSearch {
    /** Where to go after signing in: an address of this console. */
    next: string;
}

const MOST_CHARACTERS = 2_000;

/** Only a path of our own: anything else could lead somebody who just signed in to another site. */
export const ownPath: Param<string> = {
    fallback: "",
    read: (raw) => {
        const path = text(MOST_CHARACTERS).read(raw);
        return path && /^\/(?![/\\])/.test(path) && !/^\/(login|sign-in)/.test(path) ? path : undefined;
    },
};

export const loginSearch: Params<LoginSearch> = { next: ownPath };

/** What a provider of OpenID Connect sends the browser back with. */
export interface ExternalSearch {
    state: string;
    code: string;
    /** Why it sent nobody back, e.g. "access_denied". */
    error: string;
}

export const externalSearch: Params<ExternalSearch> = {
    state: text(256),
    code: text(2_048),
    error: text(128),
};
