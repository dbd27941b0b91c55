import { type Param, type Params, text } from "#lib/search";

export interface LoginSearch {
    /** Where to go after signing in: an address of this console. */
    next: string;
}

const MOST_CHARACTERS = 2_000;

/** Only a path of our own: anything else could lead somebody who just signed in to another site. */
const ownPath: Param<string> = {
    fallback: "",
    read: (raw) => {
        const path = text(MOST_CHARACTERS).read(raw);
        return path && /^\/(?![/\\])/.test(path) && !path.startsWith("/login") ? path : undefined;
    },
};

export const loginSearch: Params<LoginSearch> = { next: ownPath };
