import "./words";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { Segmented, Select } from "antd";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { type Alarm, acknowledgeAlarms, alarmKindNames, listAlarms } from "#api/gen/smartpass/v1/monitor_http";
import { pageQuery } from "#api/query";
import { pageRequest } from "#lib/search";
import { useAcknowledge, useAlarmColumns, useAlarmName } from "#ui/alarms";
import { BulkBar } from "#ui/BulkBar";
import type { Selection } from "#ui/DataTable";
import { DeviceSelect } from "#ui/DeviceSelect";
import { GuardedButton } from "#ui/GuardedButton";
import { useListView } from "#ui/listView";
import { EmptyList } from "#ui/Notice";
import { Page } from "#ui/Page";
import { PagedTable } from "#ui/PagedTable";
import { type AlarmsSearch, alarmsRequest, isFiltered, NO_FILTER } from "./search";
import { POLL_MS, useFreshAlarms } from "./useFreshAlarms";

const route = getRouteApi("/shell/alarms");
const NONE: Selection<Alarm> = new Map();

export function AlarmsPage() {
    const { t } = useTranslation("alarms");
    const search = route.useSearch();
    const navigate = route.useNavigate();
    const nameOf = useAlarmName();
    const [selection, setSelection] = useState(NONE);
    useFreshAlarms();

    const filter = (change: Partial<AlarmsSearch>) =>
        void navigate({ search: (now) => ({ ...now, page: 1, ...change }), replace: true });
    const columns = useAlarmColumns();
    const view = useListView(
        "alarms",
        columns,
        search,
        (paging) => void navigate({ search: (now) => ({ ...now, ...paging }) }),
    );
    const list = useQuery({
        ...pageQuery(listAlarms, { ...pageRequest(view.paging), ...alarmsRequest(search) }),
        refetchInterval: POLL_MS,
    });

    return (
        <Page title={t("title")} subtitle={list.data && t("subtitle", { count: list.data.openCount })}>
            <section className="panel">
                {selection.size > 0 ? (
                    <Selected alarms={[...selection.values()]} onClear={() => setSelection(NONE)} />
                ) : (
                    <Filters search={search} onFilter={filter} chooser={view.chooser} />
                )}
                <PagedTable
                    label={t("title")}
                    columns={view.columns}
                    rows={list.data?.alarms}
                    rowKey={(alarm) => alarm.id}
                    rowName={nameOf}
                    list={list}
                    paging={view.paging}
                    onPaging={view.onPaging}
                    selection={selection}
                    onSelect={setSelection}
                    empty={
                        <EmptyList
                            filtered={isFiltered(search)}
                            nothing={search.show === "" ? t("noOpen") : t("nothing")}
                            hint={t("nothingHint")}
                            noMatch={t("noMatch")}
                            onClear={() => filter(NO_FILTER)}
                        />
                    }
                />
            </section>
        </Page>
    );
}

// As many as the API takes at once.
const MOST = 1_000;

function Selected({ alarms, onClear }: { alarms: readonly Alarm[]; onClear: () => void }) {
    const { t } = useTranslation("alarms");
    const { t: alarm } = useTranslation("alarm");
    const { mutate, isPending } = useAcknowledge(onClear);
    return (
        <BulkBar count={alarms.length} onClear={onClear}>
            <GuardedButton
                type="primary"
                call={acknowledgeAlarms}
                blocked={alarms.length > MOST ? t("tooMany", { count: MOST }) : undefined}
                loading={isPending}
                onClick={() => mutate(alarms.map(({ id }) => id))}
            >
                {alarm("acknowledge")}
            </GuardedButton>
        </BulkBar>
    );
}

interface FiltersProps {
    search: AlarmsSearch;
    onFilter: (change: Partial<AlarmsSearch>) => void;
    chooser: ReactNode;
}

function Filters({ search, onFilter, chooser }: FiltersProps) {
    const { t } = useTranslation("alarms");
    const { t: alarm } = useTranslation("alarm");
    return (
        <div className="toolbar">
            <Segmented<AlarmsSearch["show"]>
                aria-label={t("filter")}
                value={search.show}
                onChange={(show) => onFilter({ show })}
                options={[
                    { value: "", label: t("open") },
                    { value: "closed", label: t("closed") },
                    { value: "all", label: t("all") },
                ]}
            />
            <Select
                className="filter-select"
                aria-label={t("kind")}
                placeholder={t("kind")}
                allowClear
                value={search.kind || null}
                options={alarmKindNames.map((value) => ({ value, label: alarm(`kind.${value}`) }))}
                onChange={(kind) => onFilter({ kind: kind ?? "" })}
            />
            <DeviceSelect label={t("device")} value={search.device} onChange={(device) => onFilter({ device })} />
            <span className="toolbar-end">{chooser}</span>
        </div>
    );
}
