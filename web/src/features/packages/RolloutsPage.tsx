import "./words";
import "./packages.css";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { createRollout, listRollouts, type Rollout } from "#api/gen/smartpass/v1/packages_http";
import { pageQuery } from "#api/query";
import { pageRequest } from "#lib/search";
import type { Column } from "#ui/DataTable";
import { GuardedButton } from "#ui/GuardedButton";
import { useListView } from "#ui/listView";
import { EmptyList } from "#ui/Notice";
import { Page } from "#ui/Page";
import { PagedTable } from "#ui/PagedTable";
import { Pill } from "#ui/Pill";
import { useTimes } from "#ui/useTimes";
import { RolloutBar, RolloutStatePill, Stage } from "./RolloutBar";
import { isOver } from "./rollouts";
import type { RolloutsSearch } from "./search";

const RolloutDrawer = lazy(() => import("./RolloutDrawer"));
const RolloutForm = lazy(() => import("./RolloutForm"));

const route = getRouteApi("/shell/rollouts");
const POLL_MS = 2_000;

export function RolloutsPage() {
    const { t } = useTranslation("packages");
    const search = route.useSearch();
    const navigate = route.useNavigate();
    const go = (change: Partial<RolloutsSearch>, replace = false) =>
        void navigate({ search: (now) => ({ ...now, ...change }), replace });
    const view = useListView(
        "rollouts",
        useColumns((show) => go({ show })),
        search,
        go,
    );
    const list = useQuery({
        ...pageQuery(listRollouts, pageRequest(view.paging)),
        refetchInterval: ({ state }) => (state.data?.rollouts.some((one) => !isOver(one)) ? POLL_MS : false),
    });
    const add = (
        <GuardedButton type="primary" call={createRollout} onClick={() => go({ add: "new" })}>
            {t("rollouts.add")}
        </GuardedButton>
    );
    return (
        <Page title={t("rollouts.title")} subtitle={t("rollouts.subtitle")} actions={add}>
            <section className="panel">
                <div className="toolbar">
                    <span className="toolbar-end">{view.chooser}</span>
                </div>
                <PagedTable
                    label={t("rollouts.title")}
                    columns={view.columns}
                    rows={list.data?.rollouts}
                    rowKey={({ id }) => id}
                    rowName={({ version }) => version}
                    list={list}
                    paging={view.paging}
                    onPaging={view.onPaging}
                    empty={
                        <EmptyList
                            filtered={false}
                            nothing={t("rollouts.nothing")}
                            hint={t("rollouts.nothingHint")}
                            noMatch=""
                            action={add}
                            onClear={() => undefined}
                        />
                    }
                />
            </section>
            <Suspense fallback={null}>
                {search.show !== "" && (
                    <RolloutDrawer key={search.show} id={search.show} onClose={() => go({ show: "" })} />
                )}
                {search.add !== "" && (
                    <RolloutForm
                        search={search}
                        onClose={() => go({ add: "", package: "", group: "", devices: "" })}
                        onStarted={(show) => go({ add: "", package: "", group: "", devices: "", show })}
                    />
                )}
            </Suspense>
        </Page>
    );
}

function useColumns(onShow: (id: string) => void): readonly Column<Rollout>[] {
    const { t } = useTranslation("packages");
    return [
        {
            key: "version",
            title: t("rollouts.column.version"),
            lead: true,
            render: ({ id, version, model }) => (
                <div className="stack">
                    <button type="button" className="row-title" onClick={() => onShow(id)}>
                        {version}
                    </button>
                    <span className="meta">{model || t("anyModel")}</span>
                </div>
            ),
        },
        { key: "state", title: t("rollouts.column.state"), render: (one) => <RolloutStatePill rollout={one} /> },
        { key: "progress", title: t("rollouts.column.progress"), render: (one) => <RolloutBar rollout={one} /> },
        { key: "stage", title: t("rollouts.column.stage"), render: (one) => <Stage rollout={one} /> },
        {
            key: "failed",
            title: t("rollouts.column.failed"),
            align: "end",
            render: ({ failedCount }) =>
                failedCount > 0 ? <Pill tone="bad">{failedCount}</Pill> : <span className="meta">0</span>,
        },
        { key: "operator", title: t("rollouts.column.operator"), render: ({ operator }) => operator },
        {
            key: "created",
            title: t("rollouts.column.created"),
            render: ({ createTime }) => <At instant={createTime} />,
        },
        { key: "ended", title: t("rollouts.column.ended"), render: ({ endTime }) => <At instant={endTime} /> },
    ];
}

function At({ instant }: { instant: string | undefined }) {
    const times = useTimes();
    if (!instant) return <span className="meta">–</span>;
    return <time dateTime={instant}>{times.dateTime(instant)}</time>;
}
