import "./passes.css";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { Button, Switch } from "antd";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { listPasses } from "#api/gen/smartpass/v1/pass_http";
import { pageQuery } from "#api/query";
import { TOTAL_CAP } from "#lib/paging";
import { pageRequest } from "#lib/search";
import { useListView } from "#ui/listView";
import { EmptyList } from "#ui/Notice";
import { Page } from "#ui/Page";
import { PagedTable } from "#ui/PagedTable";
import { usePassName } from "#ui/PassMarks";
import { useTimes } from "#ui/useTimes";
import { Filters } from "./Filters";
import { isFiltered, NO_FILTER, type PassesSearch, passesRequest } from "./search";
import { useColumns } from "./useColumns";
import { useFreshPasses } from "./useFreshPasses";

const RecordDialog = lazy(() => import("./RecordDialog"));

const route = getRouteApi("/shell/passes");

export function PassesPage() {
    const { t } = useTranslation("passes");
    const search = route.useSearch();
    const navigate = route.useNavigate();
    const { instantOf } = useTimes();
    const nameOf = usePassName();
    const fresh = useFreshPasses(search);
    const filter = (change: Partial<PassesSearch>) =>
        void navigate({ search: (now) => ({ ...now, page: 1, show: "", ...change }), replace: true });
    const show = (id: string) =>
        void navigate({ search: (now) => ({ ...now, show: id }), replace: search.show !== "" });
    const columns = useColumns(show);
    const view = useListView(
        "passes",
        columns,
        search,
        (paging) => void navigate({ search: (now) => ({ ...now, ...paging }) }),
    );
    const list = useQuery(pageQuery(listPasses, { ...pageRequest(view.paging), ...passesRequest(search, instantOf) }));
    const showNew = () => {
        fresh.show();
        void navigate({ search: (now) => ({ ...now, page: 1 }) });
    };

    return (
        <Page
            title={t("title")}
            subtitle={<Total total={list.data?.totalSize} />}
            actions={<LiveSwitch on={fresh.on} onChange={fresh.toggle} />}
        >
            <section className="panel">
                <Filters search={search} onFilter={filter} chooser={view.chooser} />
                <p className="new-records" role="status">
                    {fresh.waiting > 0 && (
                        <>
                            {t("newRecords", { count: fresh.waiting })}
                            <Button size="small" onClick={showNew}>
                                {t("showNew")}
                            </Button>
                        </>
                    )}
                </p>
                <PagedTable
                    label={t("title")}
                    columns={view.columns}
                    rows={list.data?.passes}
                    rowKey={(pass) => pass.id}
                    rowName={nameOf}
                    list={list}
                    paging={view.paging}
                    onPaging={view.onPaging}
                    empty={
                        <EmptyList
                            filtered={isFiltered(search)}
                            nothing={t("nothing")}
                            hint={t("nothingHint")}
                            noMatch={t("noMatch")}
                            onClear={() => filter(NO_FILTER)}
                        />
                    }
                />
            </section>
            {search.show !== "" && (
                <Suspense fallback={null}>
                    <RecordDialog passes={list.data?.passes} id={search.show} onShow={show} onClose={() => show("")} />
                </Suspense>
            )}
        </Page>
    );
}

function Total({ total }: { total: number | undefined }) {
    const { t } = useTranslation("passes");
    if (total === undefined) return null;
    return total > TOTAL_CAP ? t("subtitleMore", { total: TOTAL_CAP }) : t("subtitle", { count: total });
}

function LiveSwitch({ on, onChange }: { on: boolean; onChange: (on: boolean) => void }) {
    const { t } = useTranslation("passes");
    return (
        <span className="labelled-switch">
            <span id="live-switch">{t("live")}</span>
            <Switch checked={on} onChange={onChange} aria-labelledby="live-switch" />
        </span>
    );
}
