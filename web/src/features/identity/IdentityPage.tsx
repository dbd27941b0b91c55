import "./words";
import "./identity.css";
import { useQuery } from "@tanstack/react-query";
import { Skeleton } from "antd";
import { useTranslation } from "react-i18next";
import { getIdentityProvider } from "#api/gen/smartpass/v1/session_http";
import { query } from "#api/query";
import { useSession } from "#api/session";
import { Failure, Notice } from "#ui/Notice";
import { Page } from "#ui/Page";
import { ProviderForm } from "./ProviderForm";

export function IdentityPage() {
    const { t } = useTranslation("identity");
    const { superAdmin } = useSession();
    return (
        <Page title={t("title")} subtitle={t("subtitle")}>
            <section className="panel identity">
                {superAdmin ? <Settings /> : <Notice title={t("notYours")}>{t("notYoursHint")}</Notice>}
            </section>
        </Page>
    );
}

function Settings() {
    const { data, error, refetch } = useQuery({ ...query(getIdentityProvider, {}), staleTime: 0 });
    if (error && !data) return <Failure error={error} onRetry={() => void refetch()} />;
    return (
        <div className="panel-body">{data ? <ProviderForm provider={data} /> : <Skeleton active title={false} />}</div>
    );
}
