import "./words";
import "./operations.css";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { Select } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { listOperations, type Operation, operationStateNames } from "#api/gen/smartpass/v1/operations_http";
import { pageQuery } from "#api/query";
import { pageRequest } from "#lib/search";
import { useListView } from "#ui/listView";
import { EmptyList } from "#ui/Notice";
import { Page } from "#ui/Page";
import { PagedTable } from "#ui/PagedTable";
import { CancelDialog } from "./CancelDialog";
import { OperationDrawer } from "./OperationDrawer";
import type { OperationsSearch } from "./search";
import { useColumns } from "./useColumns";
import { usePollInterval } from "./useFreshOperations";
import { useOperationName } from "./useOperationName";

const route = getRouteApi("/shell/operations");

export function OperationsPage() {
    const { t } = useTranslation("operations");
    const search = route.useSearch();
    const navigate = route.useNavigate();
    const nameOf = useOperationName();
    const [cancelling, setCancelling] = useState<Operation>();
    const pollInterval = usePollInterval();
    const filter = (change: Partial<OperationsSearch>) =>
        void navigate({ search: (now) => ({ ...now, page: 1, ...change }), replace: true });
    const show = (id: string) => void navigate({ search: (now) => ({ ...now, show: id }) });
    const columns = useColumns({ onShow: show, onCancel: setCancelling });
    const view = useListView(
        "operations",
        columns,
        search,
        (paging) => void navigate({ search: (now) => ({ ...now, ...paging }) }),
    );
    const list = useQuery({
        ...pageQuery(listOperations, { ...pageRequest(view.paging), ...(search.state && { state: search.state }) }),
        refetchInterval: ({ state: { data } }) => pollInterval(data?.operations.some(({ done }) => !done) ?? false),
    });

    return (
        <Page title={t("title")} subtitle={t("subtitle")}>
            <section className="panel">
                <div className="toolbar">
                    <StateFilter value={search.state} onChange={(state) => filter({ state })} />
                    <span className="toolbar-end">{view.chooser}</span>
                </div>
                <PagedTable
                    label={t("title")}
                    columns={view.columns}
                    rows={list.data?.operations}
                    rowKey={(operation) => operation.id}
                    rowName={nameOf}
                    list={list}
                    paging={view.paging}
                    onPaging={view.onPaging}
                    empty={
                        <EmptyList
                            filtered={search.state !== ""}
                            nothing={t("nothing")}
                            hint={t("nothingHint")}
                            noMatch={t("noMatch")}
                            onClear={() => filter({ state: "" })}
                        />
                    }
                />
            </section>
            {search.show !== "" && (
                <OperationDrawer id={search.show} onClose={() => show("")} onCancel={setCancelling} />
            )}
            {cancelling && <CancelDialog operation={cancelling} onClose={() => setCancelling(undefined)} />}
        </Page>
    );
}

interface StateFilterProps {
    value: OperationsSearch["state"];
    onChange: (state: OperationsSearch["state"]) => void;
}

function StateFilter({ value, onChange }: StateFilterProps) {
    const { t } = useTranslation("operations");
    return (
        <Select
            className="filter-select"
            aria-label={t("filter")}
            placeholder={t("filter")}
            allowClear
            value={value || null}
            options={operationStateNames.map((state) => ({ value: state, label: t(`state.${state}`) }))}
            onChange={(state) => onChange(state ?? "")}
        />
    );
}
