// The signed-in user's preferences in components: at once on the screen, a moment later on the server.

import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import i18next from "i18next";
import { getProfile } from "#api/gen/smartpass/v1/account_http";
import {
    browserPreferencesPort,
    type Change,
    NO_PREFERENCES,
    type Preferences,
    PreferencesKeeper,
} from "#api/preferences";
import { refresh } from "#api/query";
import { type Session, sessionQuery, useSession } from "#api/session";
import type { TemperatureUnit } from "#lib/temperature";
import { toast } from "./toasts";

const keepers = new WeakMap<QueryClient, PreferencesKeeper>();

function keeperOf(client: QueryClient): PreferencesKeeper {
    let keeper = keepers.get(client);
    if (!keeper) {
        keeper = new PreferencesKeeper(browserPreferencesPort, (profile) => {
            if (profile) showInSession(client, () => profile.preferences ?? NO_PREFERENCES);
            else toast("bad", i18next.t("preferencesFailed", { ns: "ui" }));
            refresh(client, getProfile);
        });
        keepers.set(client, keeper);
    }
    return keeper;
}

function showInSession(client: QueryClient, change: Change): void {
    client.setQueryData(sessionQuery().queryKey, (session: Session | undefined) =>
        session ? { ...session, preferences: change(session.preferences ?? NO_PREFERENCES) } : session,
    );
}

export function usePreferences(): Preferences {
    const client = useQueryClient();
    return keeperOf(client).withPending(useSession().preferences ?? NO_PREFERENCES);
}

export function useChangePreferences(): (change: Change) => void {
    const client = useQueryClient();
    return (change) => {
        showInSession(client, change);
        keeperOf(client).change(change);
    };
}

/** Before something else reads or writes the profile. */
export function useFlushPreferences(): () => Promise<void> {
    const client = useQueryClient();
    return () => keeperOf(client).flush();
}

/** The unit in which the reader wants temperatures; Celsius unless he says otherwise. */
export const useTemperatureUnit = (): TemperatureUnit => (usePreferences().temperatureUnit === "F" ? "F" : "C");
