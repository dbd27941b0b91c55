import "./words";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { createEnterprise, type Enterprise, listEnterprises } from "#api/gen/smartpass/v1/enterprises_http";
import { pageQuery, refresh } from "#api/query";
import { TOTAL_CAP } from "#lib/paging";
import { pageRequest } from "#lib/search";
import { type OneTimePassword, OneTimePasswordDialog } from "#ui/FirstPassword";
import { GuardedButton } from "#ui/GuardedButton";
import { useListView } from "#ui/listView";
import { EmptyList } from "#ui/Notice";
import { Page } from "#ui/Page";
import { PagedTable } from "#ui/PagedTable";
import { SearchBox } from "#ui/SearchBox";
import { useLiveEvents, useThrottled } from "#ui/useLive";
import { DeleteDialog } from "./DeleteDialog";
import { EnterpriseDrawer } from "./EnterpriseDrawer";
import type { EnterprisesSearch } from "./search";
import { useColumns } from "./useColumns";

const route = getRouteApi("/shell/enterprises");
const REFRESH_MS = 2_000;

export function EnterprisesPage() {
    const { t } = useTranslation("enterprises");
    const search = route.useSearch();
    const navigate = route.useNavigate();
    const [deleting, setDeleting] = useState<Enterprise>();
    const [secret, setSecret] = useState<OneTimePassword>();
    useFreshEnterprises();

    /** A new filter starts at the first page. */
    const filter = (change: Partial<EnterprisesSearch>) =>
        void navigate({ search: (now) => ({ ...now, page: 1, ...change }), replace: true });
    const edit = (id: string) => void navigate({ search: (now) => ({ ...now, edit: id }) });
    const columns = useColumns({ onEdit: edit, onDelete: setDeleting });
    const view = useListView(
        "enterprises",
        columns,
        search,
        (paging) => void navigate({ search: (now) => ({ ...now, ...paging }) }),
    );
    const list = useQuery(pageQuery(listEnterprises, { ...pageRequest(view.paging), query: search.q }));

    const addButton = (
        <GuardedButton type="primary" call={createEnterprise} onClick={() => edit("new")}>
            {t("add")}
        </GuardedButton>
    );
    return (
        <Page title={t("title")} subtitle={<Total total={list.data?.totalSize} />} actions={addButton}>
            <section className="panel">
                <div className="toolbar">
                    <SearchBox label={t("search")} value={search.q} onChange={(q) => filter({ q })} />
                    <span className="toolbar-end">{view.chooser}</span>
                </div>
                <PagedTable
                    label={t("title")}
                    columns={view.columns}
                    rows={list.data?.enterprises}
                    rowKey={(enterprise) => enterprise.id}
                    rowName={(enterprise) => enterprise.name}
                    list={list}
                    paging={view.paging}
                    onPaging={view.onPaging}
                    empty={
                        <EmptyList
                            filtered={search.q !== ""}
                            nothing={t("nothing")}
                            noMatch={t("noMatch")}
                            action={addButton}
                            onClear={() => filter({ q: "" })}
                        />
                    }
                />
            </section>
            <EnterpriseDrawer key={search.edit} id={search.edit} onSecret={setSecret} onClose={() => edit("")} />
            {deleting && <DeleteDialog enterprise={deleting} onClose={() => setDeleting(undefined)} />}
            {secret && <OneTimePasswordDialog shown={secret} onClose={() => setSecret(undefined)} />}
        </Page>
    );
}

/** An enterprise that is being deleted leaves the list when the operation has done it. */
function useFreshEnterprises(): void {
    const client = useQueryClient();
    const reload = useThrottled(() => refresh(client, listEnterprises), REFRESH_MS);
    useLiveEvents((event) => {
        if (event.operation?.done) reload();
    });
}

function Total({ total }: { total: number | undefined }) {
    const { t } = useTranslation("enterprises");
    if (total === undefined) return null;
    return total > TOTAL_CAP ? t("totalMore", { total: TOTAL_CAP }) : t("total", { count: total });
}
