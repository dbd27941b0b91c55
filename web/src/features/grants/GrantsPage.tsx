import { useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { Button, Select } from "antd";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import {
    batchCreateGrants,
    batchRevokeGrants,
    type Grant,
    grantStateNames,
    listGrants,
} from "#api/gen/smartpass/v1/pass_http";
import { pageQuery, refresh } from "#api/query";
import { pageRequest } from "#lib/search";
import { BulkBar } from "#ui/BulkBar";
import type { Selection } from "#ui/DataTable";
import { DeviceSelect } from "#ui/DeviceSelect";
import { GuardedButton } from "#ui/GuardedButton";
import { useOpenGrantWizard } from "#ui/grantWizard";
import { useListView } from "#ui/listView";
import { EmptyList } from "#ui/Notice";
import { Page } from "#ui/Page";
import { PagedTable } from "#ui/PagedTable";
import { PersonFilter } from "#ui/PersonFilter";
import { SearchBox } from "#ui/SearchBox";
import { useLiveEvents, useThrottled } from "#ui/useLive";
import { RevokeDialog } from "./RevokeDialog";
import type { GrantsSearch } from "./search";
import { useColumns } from "./useColumns";

const route = getRouteApi("/shell/grants");
const REFRESH_MS = 1_000;
const grantKey = (grant: Grant) => `${grant.personId}/${grant.deviceId}`;

export function GrantsPage() {
    const { t } = useTranslation("grants");
    const search = route.useSearch();
    const navigate = route.useNavigate();
    const [selection, setSelection] = useState<Selection<Grant>>(new Map());
    const [revoking, setRevoking] = useState<readonly Grant[]>([]);
    useFreshGrants();
    const columns = useColumns({ onRevoke: (grant) => setRevoking([grant]) });
    const view = useListView(
        "grants",
        columns,
        search,
        (paging) => void navigate({ search: (now) => ({ ...now, ...paging }) }),
    );
    const list = useQuery(
        pageQuery(listGrants, {
            ...pageRequest(view.paging),
            query: search.q,
            personId: search.person,
            deviceId: search.device,
            ...(search.state && { state: search.state }),
        }),
    );
    const filter = (change: Partial<GrantsSearch>) =>
        void navigate({ search: (now) => ({ ...now, page: 1, ...change }), replace: true });

    return (
        <Page title={t("title")} subtitle={t("subtitle")} actions={<Actions onRefresh={() => void list.refetch()} />}>
            <section className="panel">
                {selection.size > 0 ? (
                    <BulkBar count={selection.size} onClear={() => setSelection(new Map())}>
                        <GuardedButton
                            danger
                            call={batchRevokeGrants}
                            onClick={() => setRevoking([...selection.values()])}
                        >
                            {t("revokeSelected")}
                        </GuardedButton>
                    </BulkBar>
                ) : (
                    <Filters search={search} onFilter={filter} chooser={view.chooser} />
                )}
                <PagedTable
                    label={t("title")}
                    columns={view.columns}
                    rows={list.data?.grants}
                    rowKey={grantKey}
                    rowName={(grant) => `${grant.personName}, ${grant.deviceName}`}
                    list={list}
                    paging={view.paging}
                    onPaging={view.onPaging}
                    selection={selection}
                    onSelect={setSelection}
                    empty={
                        <EmptyList
                            filtered={Boolean(search.q || search.state || search.person || search.device)}
                            nothing={t("nothing")}
                            noMatch={t("noMatch")}
                            action={<GrantButton />}
                            onClear={() => filter({ q: "", state: "", person: "", device: "" })}
                        />
                    }
                />
            </section>
            {revoking.length > 0 && (
                <RevokeDialog
                    grants={revoking}
                    onDone={() => setSelection(new Map())}
                    onClose={() => setRevoking([])}
                />
            )}
        </Page>
    );
}

/** Terminals confirm one by one; the list follows within a second. */
function useFreshGrants(): void {
    const client = useQueryClient();
    const reload = useThrottled(() => refresh(client, listGrants), REFRESH_MS);
    useLiveEvents((event) => {
        if (event.grant) reload();
    });
}

function Actions({ onRefresh }: { onRefresh: () => void }) {
    const { t } = useTranslation("grants");
    return (
        <>
            <Button onClick={onRefresh}>{t("refresh")}</Button>
            <GrantButton />
        </>
    );
}

function GrantButton() {
    const { t } = useTranslation("grants");
    const openWizard = useOpenGrantWizard();
    return (
        <GuardedButton type="primary" call={batchCreateGrants} onClick={() => openWizard([])}>
            {t("grant")}
        </GuardedButton>
    );
}

interface FiltersProps {
    search: GrantsSearch;
    onFilter: (change: Partial<GrantsSearch>) => void;
    chooser: ReactNode;
}

function Filters({ search, onFilter, chooser }: FiltersProps) {
    const { t } = useTranslation("grants");
    return (
        <div className="toolbar">
            <SearchBox label={t("search")} value={search.q} onChange={(q) => onFilter({ q })} />
            <Select
                className="filter-select"
                aria-label={t("state")}
                placeholder={t("state")}
                allowClear
                value={search.state || null}
                options={grantStateNames.map((state) => ({ value: state, label: t(`states.${state}`) }))}
                onChange={(state) => onFilter({ state: state ?? "" })}
            />
            <DeviceSelect label={t("device")} value={search.device} onChange={(device) => onFilter({ device })} />
            <PersonFilter id={search.person} label={t("person")} onClear={() => onFilter({ person: "" })} />
            <span className="toolbar-end">{chooser}</span>
        </div>
    );
}
