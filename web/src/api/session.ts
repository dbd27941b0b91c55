// Who is signed in, and what they may do.

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { getSession, type Session } from "./gen/smartpass/v1/session_http";
import { query } from "./query";
import type { Method } from "./transport";

export type { Session };

export const sessionQuery = () => ({ ...query(getSession, {}), staleTime: Number.POSITIVE_INFINITY });

/** The session of a page that is only shown to somebody who is signed in. */
export function useSession(): Session {
    const { data } = useQuery(sessionQuery());
    const cached = useQueryClient().getQueryData(sessionQuery().queryKey);
    const session = data ?? cached;
    if (!session) throw new Error("this page is only for somebody who is signed in");
    return session;
}

/** May the session's role call this method? The server decides again; this only explains a button beforehand. */
export const may = (session: Session, call: { readonly method: Method }) =>
    call.method.permission === "" || session.superAdmin || session.permissions.includes(call.method.permission);
