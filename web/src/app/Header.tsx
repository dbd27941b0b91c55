import { useMutation } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { listAlarms } from "#api/gen/smartpass/v1/monitor_http";
import { logout } from "#api/gen/smartpass/v1/session_http";
import { live } from "#api/live";
import { may, useSession } from "#api/session";
import { announceSignOut, toLogin } from "#api/signout";
import { DownIcon, MenuIcon, PersonIcon } from "#ui/icons";
import { Menu } from "#ui/Menu";
import { toast } from "#ui/toasts";
import { useErrorWords } from "#ui/useErrorWords";
import { useLiveState } from "#ui/useLive";
import { useFlushPreferences } from "#ui/usePreferences";
import { useNow, useTimes } from "#ui/useTimes";
import { AppearanceSwitches } from "./AppearanceSwitches";
import { useKeepAppearance } from "./accountAppearance";

const UnderWay = lazy(() => import("../features/operations/UnderWay"));
const AlarmBadge = lazy(() => import("../features/alarms/AlarmBadge"));
const PasswordDialog = lazy(() => import("../features/session/PasswordDialog"));

export function Header({ onMenu }: { onMenu: () => void }) {
    const { t } = useTranslation();
    const keepAppearance = useKeepAppearance();
    return (
        <header className="header">
            <button type="button" className="icon-button header-menu" aria-label={t("openMenu")} onClick={onMenu}>
                <MenuIcon size={18} />
            </button>
            <span className="header-enterprise">{useSession().enterpriseName}</span>
            <LiveIndicator />
            <Clock />
            <Suspense fallback={<span className="icon-button" />}>
                {may(useSession(), listAlarms) && <AlarmBadge />}
                <UnderWay />
            </Suspense>
            <AppearanceSwitches onChange={keepAppearance} />
            <UserMenu />
        </header>
    );
}

function LiveIndicator() {
    const { t } = useTranslation();
    const state = useLiveState();
    return (
        <span className={`live-state live-${state}`} role="status">
            <span className="live-dot" aria-hidden="true" />
            {t(`live.${state}`)}
        </span>
    );
}

function Clock() {
    const now = useNow();
    const times = useTimes();
    return (
        <span className="clock">
            <time dateTime={new Date(now).toISOString()}>{times.timeOfDay(now)}</time>
            <span className="meta">
                {times.zone}
                {times.zone !== "UTC" && ` (${times.zoneLabel(now)})`}
            </span>
        </span>
    );
}

/** The gateway's own page, which is none of this console's. */
function openApiDocumentation(): void {
    window.open("/docs", "_blank", "noopener");
}

function UserMenu() {
    const { t } = useTranslation();
    const { username } = useSession();
    const [changing, setChanging] = useState(false);
    const signOut = useSignOut();
    const navigate = useNavigate();
    const actions = [
        { key: "account", label: t("ownAccount"), run: () => void navigate({ to: "/account" }) },
        { key: "password", label: t("changePassword"), run: () => setChanging(true) },
        { key: "api", label: t("apiDocumentation"), run: openApiDocumentation },
        { key: "signOut", label: t("signOut"), run: signOut },
    ];
    return (
        <>
            <Menu className="user-button" aria-label={t("account", { name: username })} actions={actions}>
                <PersonIcon />
                <span className="user-name">{username}</span>
                <DownIcon size={12} />
            </Menu>
            {changing && (
                <Suspense fallback={null}>
                    <PasswordDialog
                        onClose={() => setChanging(false)}
                        onChanged={() => toast("ok", t("passwordChanged"))}
                    />
                </Suspense>
            )}
        </>
    );
}

function useSignOut(): () => void {
    const words = useErrorWords();
    const flush = useFlushPreferences();
    const { mutate } = useMutation({
        mutationFn: async () => {
            // What was chosen a moment ago is kept, too.
            await flush();
            return logout({});
        },
        onSuccess: () => {
            live.stop();
            announceSignOut();
            toLogin();
        },
        onError: (error) => toast("bad", words(error)),
    });
    return () => mutate();
}
