// What the terminal can be told to do, and what it was told.

import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { type Command, listCommands } from "#api/gen/smartpass/v1/commands_http";
import type { Device } from "#api/gen/smartpass/v1/devices_http";
import { pageQuery } from "#api/query";
import { pageRequest } from "#lib/search";
import type { Column } from "#ui/DataTable";
import { GuardedButton } from "#ui/GuardedButton";
import { useListView } from "#ui/listView";
import { EmptyList } from "#ui/Notice";
import { PagedTable } from "#ui/PagedTable";
import { useTimes } from "#ui/useTimes";
import { CommandStateCell } from "./CommandState";
import { blockOf, callOf, isOver, orders } from "./commands";
import type { DeviceActions } from "./DeviceMenu";
import { targetOf } from "./target";

const route = getRouteApi("/shell/devices/$id");
const BUSY_POLL_MS = 1_000;

interface OperationTabProps {
    device: Device;
    onOrder: DeviceActions["onOrder"];
}

export default function OperationTab({ device, onOrder }: OperationTabProps) {
    const { t } = useTranslation("commands");
    const block = blockOf(device);
    return (
        <>
            <h2 className="section-title">{t("now")}</h2>
            <div className="device-orders">
                {orders.map((order) => (
                    <GuardedButton
                        key={order}
                        call={callOf(order)}
                        blocked={block && t(block)}
                        danger={order === "COMMAND_KIND_SHUT_DOWN" || order === "COMMAND_KIND_RESET"}
                        onClick={() => onOrder(order, targetOf(device), [device])}
                    >
                        {t(`action.${order}`)}
                    </GuardedButton>
                ))}
            </div>
            <History device={device} />
        </>
    );
}

function History({ device }: { device: Device }) {
    const { t } = useTranslation("commands");
    const search = route.useSearch();
    const navigate = route.useNavigate();
    const view = useListView(
        "commands",
        useColumns(),
        search,
        (paging) => void navigate({ search: (now) => ({ ...now, ...paging }) }),
    );
    const list = useQuery({
        ...pageQuery(listCommands, { ...pageRequest(view.paging), deviceId: device.id }),
        staleTime: 0,
        refetchInterval: ({ state }) => (state.data?.commands.every(isOver) === false ? BUSY_POLL_MS : false),
    });
    return (
        <section className="panel">
            <div className="panel-head">
                <h2>{t("history")}</h2>
                {view.chooser}
            </div>
            <PagedTable
                label={t("history")}
                columns={view.columns}
                rows={list.data?.commands}
                rowKey={({ id }) => id}
                rowName={({ kind }) => t(`kind.${kind}`)}
                list={list}
                paging={view.paging}
                onPaging={view.onPaging}
                empty={
                    <EmptyList
                        filtered={false}
                        nothing={t("nothing")}
                        hint={t("nothingHint")}
                        noMatch=""
                        onClear={() => undefined}
                    />
                }
            />
        </section>
    );
}

function useColumns(): readonly Column<Command>[] {
    const { t } = useTranslation("commands");
    return [
        { key: "what", title: t("column.what"), lead: true, render: ({ kind }) => t(`kind.${kind}`) },
        { key: "state", title: t("column.state"), render: (command) => <CommandStateCell command={command} /> },
        { key: "operator", title: t("column.operator"), render: ({ operator }) => operator },
        { key: "created", title: t("column.created"), render: ({ createTime }) => <At instant={createTime} /> },
        { key: "received", title: t("column.received"), render: ({ receiveTime }) => <At instant={receiveTime} /> },
        { key: "ended", title: t("column.ended"), render: ({ endTime }) => <At instant={endTime} /> },
    ];
}

function At({ instant }: { instant: string | undefined }) {
    const times = useTimes();
    if (!instant) return <span className="meta">–</span>;
    return <time dateTime={instant}>{times.dateTime(instant)}</time>;
}
