import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { Device } from "#api/gen/smartpass/v1/devices_http";
import { listAlarms } from "#api/gen/smartpass/v1/monitor_http";
import { pageQuery } from "#api/query";
import { pageRequest } from "#lib/search";
import { useAlarmColumns, useAlarmName } from "#ui/alarms";
import { useListView } from "#ui/listView";
import { EmptyList } from "#ui/Notice";
import { PagedTable } from "#ui/PagedTable";

const route = getRouteApi("/shell/devices/$id");

/** All alarms of the terminal, whatever became of them. */
export default function AlarmsTab({ device }: { device: Device }) {
    const { t } = useTranslation("devices");
    const search = route.useSearch();
    const navigate = route.useNavigate();
    const nameOf = useAlarmName();
    const columns = useAlarmColumns().filter(({ key }) => key !== "device");
    const view = useListView(
        "deviceAlarms",
        columns,
        search,
        (paging) => void navigate({ search: (now) => ({ ...now, ...paging }) }),
    );
    const list = useQuery({
        ...pageQuery(listAlarms, { ...pageRequest(view.paging), deviceId: device.id }),
        staleTime: 0,
    });
    return (
        <section className="panel">
            <PagedTable
                label={t("details.tabs.alarms")}
                columns={view.columns}
                rows={list.data?.alarms}
                rowKey={({ id }) => id}
                rowName={nameOf}
                list={list}
                paging={view.paging}
                onPaging={view.onPaging}
                empty={<EmptyList filtered={false} nothing={t("alarmsNothing")} noMatch="" onClear={() => undefined} />}
            />
        </section>
    );
}
