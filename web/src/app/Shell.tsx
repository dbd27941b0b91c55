// The frame around every page: the rail, the header, and what must run wherever one is.

import { useQueryClient } from "@tanstack/react-query";
import { Outlet, useRouter, useSearch } from "@tanstack/react-router";
import { lazy, Suspense, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { watchEvents } from "#api/gen/smartpass/v1/console_http";
import { getSession } from "#api/gen/smartpass/v1/session_http";
import { live } from "#api/live";
import { refresh } from "#api/query";
import { may, SessionContext, useSession, useSessionOfShell } from "#api/session";
import { listenToSignOut, toLogin } from "#api/signout";
import { useLiveEvents } from "#ui/useLive";
import { useAccountAppearance } from "./accountAppearance";
import { Header } from "./Header";
import { Rail, RailDialog } from "./Rail";

const GrantWizard = lazy(() => import("../features/grants/GrantWizard"));

export function Shell() {
    const session = useSessionOfShell();
    if (!session) return null;
    return (
        <SessionContext value={session}>
            <Frame />
        </SessionContext>
    );
}

function Frame() {
    const { t } = useTranslation();
    const [menuOpen, setMenuOpen] = useState(false);
    const { grant } = useSearch({ from: "/shell" });
    useLiveFeed();
    useAccountAppearance();

    return (
        <div className="shell">
            <a className="skip-link" href="#content">
                {t("skip")}
            </a>
            <Rail />
            <RailDialog open={menuOpen} onClose={() => setMenuOpen(false)} />
            <Header onMenu={() => setMenuOpen(true)} />
            <main id="content" className="content">
                <Outlet />
            </main>
            {grant === "new" && (
                <Suspense fallback={null}>
                    <GrantWizard />
                </Suspense>
            )}
        </div>
    );
}

/** Joins the live feed while somebody is signed in, and loads everything anew when too much of it was missed. */
function useLiveFeed(): void {
    const client = useQueryClient();
    const router = useRouter();
    const session = useSession();
    const permitted = may(session, watchEvents);

    useEffect(() => {
        if (!permitted) return;
        live.start();
        return () => live.stop();
    }, [permitted]);

    useEffect(() => listenToSignOut(toLogin), []);

    useEffect(
        () =>
            live.onState(() => {
                // A stream that is refused looks like one that broke: the session may be over, and asking finds out.
                if (live.state === "reconnecting") refresh(client, getSession);
                // What was read before the stream stood may have changed in between.
                if (live.state === "live") void client.invalidateQueries({ predicate: isNotSession });
            }),
        [client],
    );

    useLiveEvents((event) => {
        if (event.resync) {
            void client.invalidateQueries();
            void router.invalidate();
        }
    });
}

const isNotSession = ({ queryKey }: { queryKey: readonly unknown[] }) => queryKey[0] !== getSession.method.name;
