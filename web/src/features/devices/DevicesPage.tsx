import "./words";
import "./commandWords";
import "./devices.css";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { type Device, getDevicePolicy, listDevices } from "#api/gen/smartpass/v1/devices_http";
import { getFleetHealth } from "#api/gen/smartpass/v1/monitor_http";
import { pageQuery, query, refresh } from "#api/query";
import { TOP } from "#lib/groupTree";
import { pageRequest } from "#lib/search";
import type { Selection } from "#ui/DataTable";
import { GroupTree, useGroups } from "#ui/GroupTree";
import { GuardedButton } from "#ui/GuardedButton";
import { useListView } from "#ui/listView";
import { EmptyList } from "#ui/Notice";
import { Page } from "#ui/Page";
import { PagedTable } from "#ui/PagedTable";
import { useLiveEvents, useThrottled } from "#ui/useLive";
import { Filters } from "./Filters";
import { HealthStrip } from "./HealthStrip";
import { GroupMenu, Selected } from "./Selected";
import { type DevicesSearch, devicesRequest, isFiltered, NO_FILTER } from "./search";
import { Tasks } from "./Tasks";
import { useColumns } from "./useColumns";
import { useTasks } from "./useTasks";

const route = getRouteApi("/shell/devices");
const REFRESH_MS = 2_000;
const NONE: Selection<Device> = new Map();

export function DevicesPage() {
    const { t } = useTranslation("devices");
    const search = route.useSearch();
    const navigate = route.useNavigate();
    const groups = useGroups();
    const [selection, setSelection] = useState(NONE);
    const { task, on, close } = useTasks((device) => go({ approve: device.id }));
    useFreshDevices();

    const go = (change: Partial<DevicesSearch>, replace = false) =>
        void navigate({ search: (now) => ({ ...now, ...change }), replace });
    /** A new filter starts at the first page. */
    const filter = (change: Partial<DevicesSearch>) => go({ page: 1, ...change }, true);
    const columns = useColumns(groups, on);
    const view = useListView("devices", columns, search, (paging) => go(paging));
    const list = useQuery(pageQuery(listDevices, { ...pageRequest(view.paging), ...devicesRequest(search) }));
    // Without a choice it is the top of what the reader sees, if that is one group.
    const tops = groups.filter(({ parentId }) => parentId === TOP);
    const group = groups.find(({ id }) => id === search.group) ?? (tops.length === 1 ? tops[0] : undefined);

    return (
        <Page
            title={t("title")}
            subtitle={<Total />}
            actions={
                <>
                    <GuardedButton call={getDevicePolicy} onClick={() => go({ policy: "open" })}>
                        {t("policy.open")}
                    </GuardedButton>
                    <GroupMenu group={group} {...on} />
                </>
            }
        >
            <HealthStrip search={search} onFilter={filter} />
            <div className="with-tree">
                <GroupTree
                    selected={search.group}
                    section={search.section}
                    module="MODULE_DEVICES"
                    onSelect={(to, section) => filter({ group: to, section })}
                />
                <section className="panel">
                    {selection.size > 0 ? (
                        <Selected
                            devices={current(selection, list.data?.devices)}
                            onClear={() => setSelection(NONE)}
                            {...on}
                        />
                    ) : (
                        <Filters search={search} onFilter={filter}>
                            {view.chooser}
                        </Filters>
                    )}
                    <PagedTable
                        label={t("title")}
                        columns={view.columns}
                        rows={list.data?.devices}
                        rowKey={(device) => device.id}
                        rowName={(device) => device.name}
                        list={list}
                        paging={view.paging}
                        onPaging={view.onPaging}
                        selection={selection}
                        onSelect={setSelection}
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
            </div>
            <Tasks
                task={task}
                onClose={close}
                onGone={() => {
                    setSelection(NONE);
                    close();
                }}
                approve={search.approve}
                onApproveClose={() => go({ approve: "" })}
                policy={search.policy !== ""}
                onPolicyClose={() => go({ policy: "" })}
            />
        </Page>
    );
}

/** The chosen terminals as the list last knew them. */
function current(selection: Selection<Device>, listed: readonly Device[] = []): readonly Device[] {
    return [...selection.values()].map((chosen) => listed.find(({ id }) => id === chosen.id) ?? chosen);
}

/** What terminals report about themselves changes often; the list follows at a calm pace. */
function useFreshDevices(): void {
    const client = useQueryClient();
    const reload = useThrottled(() => refresh(client, listDevices, getFleetHealth), REFRESH_MS);
    useLiveEvents((event) => {
        if (event.device) reload();
    });
}

function Total() {
    const { t } = useTranslation("devices");
    const { data } = useQuery(query(listDevices, { pageSize: 1 }));
    return data ? t("subtitle", { online: data.onlineCount, total: data.totalSize }) : null;
}
