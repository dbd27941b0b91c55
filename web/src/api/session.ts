// Who is signed in, and what they may do.

import { useQuery } from "@tanstack/react-query";
import { createContext, useContext, useRef } from "react";
import { getSession, type Session } from "./gen/smartpass/v1/session_http";
import { query } from "./query";
import type { Method } from "./transport";

export type { Session };

export const sessionQuery = () => ({ ...query(getSession, {}), staleTime: Number.POSITIVE_INFINITY });

/** Given by the shell: whom the pages inside it are shown to. */
export const SessionContext = createContext<Session | undefined>(undefined);

/** The session of a page that is only shown to somebody who is signed in. */
export function useSession(): Session {
    const session = useContext(SessionContext);
    if (!session) throw new Error("this page is only for somebody who is signed in");
    return session;
}

/** The same for the shell itself. It keeps the session that it had until another page takes its place. */
export function useSessionOfShell(): Session | undefined {
    const { data } = useQuery(sessionQuery());
    const last = useRef(data);
    if (data) last.current = data;
    return last.current;
}

/** May the session call this method? The server decides again; this only explains a button beforehand. */
export function may(session: Session, { method }: { readonly method: Method }): boolean {
    if (session.superAdmin) return true;
    if (method.caller === "SUPER") return false;
    if (method.caller === "ENTERPRISE_ADMIN") return session.enterpriseAdministrator;
    return method.permission === "" || session.permissions.includes(method.permission);
}
