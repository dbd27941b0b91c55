import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { Segmented } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiError } from "#api/errors";
import { type Device, deleteDevice, listDevices } from "#api/gen/smartpass/v1/devices_http";
import { listGrants } from "#api/gen/smartpass/v1/pass_http";
import { pageQuery, query, refresh } from "#api/query";
import { pageRequest } from "#lib/search";
import { ConfirmDialog } from "#ui/ConfirmDialog";
import { GroupTree } from "#ui/GroupTree";
import { useListView } from "#ui/listView";
import { EmptyList } from "#ui/Notice";
import { Page } from "#ui/Page";
import { PagedTable } from "#ui/PagedTable";
import { SearchBox } from "#ui/SearchBox";
import { toast } from "#ui/toasts";
import { useErrorWords } from "#ui/useErrorWords";
import { useLiveEvents, useThrottled } from "#ui/useLive";
import { useReturnFocus } from "#ui/useReturnFocus";
import { DeviceDrawer } from "./DeviceDrawer";
import type { DevicesSearch } from "./search";
import { useColumns } from "./useColumns";

const route = getRouteApi("/shell/devices");
const REFRESH_MS = 2_000;

export function DevicesPage() {
    const { t } = useTranslation("devices");
    const search = route.useSearch();
    const navigate = route.useNavigate();
    const [deleting, setDeleting] = useState<Device>();
    useFreshDevices();

    const filter = (change: Partial<DevicesSearch>) =>
        void navigate({ search: (now) => ({ ...now, page: 1, ...change }), replace: true });
    const open = (device: string) => void navigate({ search: (now) => ({ ...now, device }) });
    const columns = useColumns({ onSettings: open, onDelete: setDeleting });
    const view = useListView(
        "devices",
        columns,
        search,
        (paging) => void navigate({ search: (now) => ({ ...now, ...paging }) }),
    );
    const list = useQuery(
        pageQuery(listDevices, {
            ...pageRequest(view.paging),
            query: search.q,
            groupId: search.group,
            ...(search.state && { state: search.state }),
        }),
    );

    return (
        <Page title={t("title")} subtitle={<Total />}>
            <div className="with-tree">
                <GroupTree selected={search.group} onSelect={(group) => filter({ group })} />
                <section className="panel">
                    <div className="toolbar">
                        <SearchBox label={t("search")} value={search.q} onChange={(q) => filter({ q })} />
                        <StateFilter value={search.state} onChange={(state) => filter({ state })} />
                        <span className="toolbar-end">{view.chooser}</span>
                    </div>
                    <PagedTable
                        label={t("title")}
                        columns={view.columns}
                        rows={list.data?.devices}
                        rowKey={(device) => device.id}
                        rowName={(device) => device.name}
                        list={list}
                        paging={view.paging}
                        onPaging={view.onPaging}
                        empty={
                            <EmptyList
                                filtered={search.q !== "" || search.group !== "" || search.state !== ""}
                                nothing={t("nothing")}
                                hint={t("nothingHint")}
                                noMatch={t("noMatch")}
                                onClear={() => filter({ q: "", group: "", state: "" })}
                            />
                        }
                    />
                </section>
            </div>
            <DeviceDrawer key={search.device} id={search.device} onClose={() => open("")} />
            {deleting && <DeleteDialog device={deleting} onClose={() => setDeleting(undefined)} />}
        </Page>
    );
}

/** What terminals report about themselves changes often; the list follows at a calm pace. */
function useFreshDevices(): void {
    const client = useQueryClient();
    const reload = useThrottled(() => refresh(client, listDevices), REFRESH_MS);
    useLiveEvents((event) => {
        if (event.device) reload();
    });
}

function Total() {
    const { t } = useTranslation("devices");
    const { data } = useQuery(query(listDevices, { pageSize: 1 }));
    return data ? t("subtitle", { online: data.onlineCount, total: data.totalSize }) : null;
}

interface StateFilterProps {
    value: DevicesSearch["state"];
    onChange: (state: DevicesSearch["state"]) => void;
}

function StateFilter({ value, onChange }: StateFilterProps) {
    const { t } = useTranslation("devices");
    const { t: ui } = useTranslation("ui");
    return (
        <Segmented
            aria-label={t("state")}
            value={value}
            onChange={onChange}
            options={[
                { value: "", label: t("total") },
                { value: "DEVICE_STATE_ONLINE", label: ui("deviceState.DEVICE_STATE_ONLINE") },
                { value: "DEVICE_STATE_OFFLINE", label: ui("deviceState.DEVICE_STATE_OFFLINE") },
            ]}
        />
    );
}

function DeleteDialog({ device, onClose }: { device: Device; onClose: () => void }) {
    const { t } = useTranslation("devices");
    const client = useQueryClient();
    const words = useErrorWords();
    useReturnFocus();
    const { mutate, isPending } = useMutation({
        mutationFn: () => deleteDevice({ id: device.id }),
        onSuccess: () => {
            toast("ok", t("deleted", { name: device.name }));
            refresh(client, listDevices, listGrants);
            onClose();
        },
        onError: (error) => {
            const online = error instanceof ApiError && error.reason === "DEVICE_STILL_ONLINE";
            toast("bad", online ? t("error.DEVICE_STILL_ONLINE") : words(error));
            refresh(client, listDevices);
            onClose();
        },
    });
    return (
        <ConfirmDialog
            open
            title={t("deleteTitle", { name: device.name })}
            action={t("delete")}
            busy={isPending}
            onConfirm={() => mutate()}
            onCancel={onClose}
        >
            {device.peopleCount > 0 && <p>{t("deleteHolds", { count: device.peopleCount })}</p>}
            <p>{t("deleteHint")}</p>
        </ConfirmDialog>
    );
}
