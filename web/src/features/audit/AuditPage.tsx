import "./words";
import "./audit.css";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { Button } from "antd";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { exportAuditRows, listAuditRows, verifyAudit } from "#api/gen/smartpass/v1/audit_http";
import { pageQuery } from "#api/query";
import { TOTAL_CAP } from "#lib/paging";
import { DataTable } from "#ui/DataTable";
import { GuardedButton, useBlockReason } from "#ui/GuardedButton";
import { useListView } from "#ui/listView";
import { EmptyList } from "#ui/Notice";
import { Page } from "#ui/Page";
import { useTimes } from "#ui/useTimes";
import { Filters } from "./Filters";
import { Pages } from "./Pages";
import { type AuditSearch, auditRequest, isFiltered, NO_FILTER } from "./search";
import { useColumns } from "./useColumns";

const RowDrawer = lazy(() => import("./RowDrawer"));
const VerifyDialog = lazy(() => import("./VerifyDialog"));

const route = getRouteApi("/shell/audit");

export function AuditPage() {
    const { t } = useTranslation("audit");
    const search = route.useSearch();
    const navigate = route.useNavigate();
    const { instantOf } = useTimes();
    const filter = (change: Partial<AuditSearch>) =>
        void navigate({ search: (now) => ({ ...now, after: "", show: "", ...change }), replace: true });
    const show = (id: string) => void navigate({ search: (now) => ({ ...now, show: id }), state: (state) => state });
    const view = useListView(
        "audit",
        useColumns({ onShow: show, onOperator: (operator) => filter({ operator }) }),
        {
            page: 1,
            size: search.size,
        },
        ({ size }) => filter({ size }),
    );
    const request = auditRequest(search, instantOf);
    const list = useQuery(
        pageQuery(listAuditRows, { ...request, pageSize: view.paging.size, pageToken: search.after }),
    );

    return (
        <Page
            title={t("title")}
            subtitle={<Total total={list.data?.totalSize} />}
            actions={<Actions request={request} />}
        >
            <section className="panel">
                <Filters search={search} onFilter={filter} chooser={view.chooser} />
                <DataTable
                    label={t("title")}
                    columns={view.columns}
                    rows={list.data?.rows}
                    rowKey={(row) => row.id}
                    rowName={(row) => row.action}
                    busy={list.isPlaceholderData}
                    error={list.error}
                    onRetry={() => (search.after ? filter({}) : void list.refetch())}
                    empty={
                        <EmptyList
                            filtered={isFiltered(search) || search.after !== ""}
                            nothing={t("nothing")}
                            hint={t("nothingHint")}
                            noMatch={t("noMatch")}
                            onClear={() => filter(NO_FILTER)}
                        />
                    }
                />
                <Pages
                    search={search}
                    size={view.paging.size}
                    next={list.data?.nextPageToken ?? ""}
                    onSize={(size) => view.onPaging({ page: 1, size })}
                />
            </section>
            {search.show !== "" && (
                <Suspense fallback={null}>
                    <RowDrawer id={search.show} onClose={() => show("")} />
                </Suspense>
            )}
        </Page>
    );
}

function Total({ total }: { total: number | undefined }) {
    const { t } = useTranslation("audit");
    if (total === undefined) return t("subtitle");
    const entries = total > TOTAL_CAP ? t("totalMore", { total: TOTAL_CAP }) : t("total", { count: total });
    return `${entries} · ${t("subtitle")}`;
}

function Actions({ request }: { request: ReturnType<typeof auditRequest> }) {
    const { t } = useTranslation("audit");
    const [verifying, setVerifying] = useState(false);
    const exportBlocked = useBlockReason()({ call: exportAuditRows });
    return (
        <>
            <GuardedButton call={verifyAudit} onClick={() => setVerifying(true)}>
                {t("verify")}
            </GuardedButton>
            {exportBlocked ? (
                <GuardedButton call={exportAuditRows}>{t("export")}</GuardedButton>
            ) : (
                <Button type="primary" href={exportAuditRows(request)} download="audit.csv">
                    {t("export")}
                </Button>
            )}
            {verifying && (
                <Suspense fallback={null}>
                    <VerifyDialog onClose={() => setVerifying(false)} />
                </Suspense>
            )}
        </>
    );
}
