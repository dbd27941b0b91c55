// Receipts of people who were erased: the proof that they are gone, and from which terminals.

import "./erasureWords";
import "./people.css";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { Checkbox } from "antd";
import { useTranslation } from "react-i18next";
import { type Erasure, getErasure, listErasures } from "#api/gen/smartpass/v1/people_http";
import { pageQuery, query } from "#api/query";
import { pageRequest } from "#lib/search";
import type { Column } from "#ui/DataTable";
import { LoadedDrawer } from "#ui/LoadedDrawer";
import { useListView } from "#ui/listView";
import { EmptyList } from "#ui/Notice";
import { Page } from "#ui/Page";
import { PagedTable } from "#ui/PagedTable";
import { KindPill } from "#ui/PassMarks";
import { SearchBox } from "#ui/SearchBox";
import { useTimes } from "#ui/useTimes";
import { PendingPill, Receipt } from "./Receipt";
import type { ErasuresSearch } from "./search";

const route = getRouteApi("/shell/erasures");

export function ErasuresPage() {
    const { t } = useTranslation("erasures");
    const search = route.useSearch();
    const navigate = route.useNavigate();
    const filter = (change: Partial<ErasuresSearch>) =>
        void navigate({ search: (now) => ({ ...now, page: 1, ...change }), replace: true });
    const show = (id: string) => void navigate({ search: (now) => ({ ...now, show: id }) });
    const view = useListView(
        "erasures",
        useColumns(show),
        search,
        (paging) => void navigate({ search: (now) => ({ ...now, ...paging }) }),
    );
    const list = useQuery(
        pageQuery(listErasures, {
            ...pageRequest(view.paging),
            query: search.q,
            pendingOnly: search.state === "pending",
        }),
    );
    return (
        <Page title={t("erasures.title")} subtitle={t("erasures.subtitle")}>
            <section className="panel">
                <div className="toolbar">
                    <SearchBox label={t("erasures.search")} value={search.q} onChange={(q) => filter({ q })} />
                    <Checkbox
                        checked={search.state === "pending"}
                        onChange={(event) => filter({ state: event.target.checked ? "pending" : "" })}
                    >
                        {t("erasures.pendingOnly")}
                    </Checkbox>
                    <span className="toolbar-end">{view.chooser}</span>
                </div>
                <PagedTable
                    label={t("erasures.title")}
                    columns={view.columns}
                    rows={list.data?.erasures}
                    rowKey={(erasure) => erasure.id}
                    rowName={(erasure) => erasure.name}
                    list={list}
                    paging={view.paging}
                    onPaging={view.onPaging}
                    empty={
                        <EmptyList
                            filtered={search.q !== "" || search.state !== ""}
                            nothing={t("erasures.nothing")}
                            hint={t("erasures.nothingHint")}
                            noMatch={t("erasures.noMatch")}
                            onClear={() => filter({ q: "", state: "" })}
                        />
                    }
                />
            </section>
            {search.show !== "" && <ReceiptDrawer key={search.show} id={search.show} onClose={() => show("")} />}
        </Page>
    );
}

function useColumns(onShow: (id: string) => void): readonly Column<Erasure>[] {
    const { t } = useTranslation("erasures");
    const times = useTimes();
    return [
        {
            key: "name",
            title: t("receipt.name"),
            lead: true,
            render: ({ id, name, number }) => (
                <div className="stack">
                    <button type="button" className="row-title" onClick={() => onShow(id)}>
                        {name}
                    </button>
                    <span className="meta">{number}</span>
                </div>
            ),
        },
        { key: "kind", title: t("receipt.kind"), render: ({ kind }) => <KindPill kind={kind} /> },
        {
            key: "time",
            title: t("receipt.time"),
            render: ({ eraseTime }) => eraseTime && <time dateTime={eraseTime}>{times.dateTime(eraseTime)}</time>,
        },
        { key: "operator", title: t("receipt.operator"), render: ({ operator }) => operator },
        { key: "pictures", title: t("receipt.pictures"), align: "end", render: ({ pictures }) => pictures },
        { key: "pending", title: t("receipt.terminals"), render: ({ pending }) => <PendingPill pending={pending} /> },
    ];
}

function ReceiptDrawer({ id, onClose }: { id: string; onClose: () => void }) {
    const { t } = useTranslation("erasures");
    const { data, error, refetch } = useQuery({ ...query(getErasure, { id }), staleTime: 0 });
    return (
        <LoadedDrawer
            open
            title={data ? t("receipt.title", { name: data.name }) : t("receipt.one")}
            size={520}
            ready={data !== undefined}
            error={error}
            onRetry={() => void refetch()}
            onClose={onClose}
        >
            {data && <Receipt erasure={data} />}
        </LoadedDrawer>
    );
}
