import "./words";
import "./account.css";
import { getRouteApi } from "@tanstack/react-router";
import { Skeleton, Tabs } from "antd";
import { lazy, type ReactNode, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { useSession } from "#api/session";
import { Page } from "#ui/Page";
import { ProfilePanel } from "./ProfilePanel";
import { TABS } from "./search";

const SessionsPanel = lazy(() => import("./SessionsPanel"));
const SecurityPanel = lazy(() => import("./SecurityPanel"));
const TokensPanel = lazy(() => import("./TokensPanel"));

const route = getRouteApi("/shell/account");

export function AccountPage() {
    const { t } = useTranslation("account");
    const { tab } = route.useSearch();
    const navigate = route.useNavigate();
    const { username } = useSession();
    return (
        <Page title={t("title")} subtitle={username}>
            <Tabs
                className="account-tabs"
                activeKey={tab || "profile"}
                onChange={(key) => void navigate({ search: { tab: TABS.find((one) => one === key) ?? "" } })}
                destroyOnHidden
                items={[
                    { key: "profile", label: t("tab.profile"), children: <ProfilePanel /> },
                    { key: "sessions", label: t("tab.sessions"), children: later(<SessionsPanel />) },
                    { key: "security", label: t("tab.security"), children: later(<SecurityPanel />) },
                    { key: "tokens", label: t("tab.tokens"), children: later(<TokensPanel />) },
                ]}
            />
        </Page>
    );
}

/** Each panel comes when it is opened. */
const later = (panel: ReactNode) => <Suspense fallback={<Skeleton active title={false} />}>{panel}</Suspense>;
