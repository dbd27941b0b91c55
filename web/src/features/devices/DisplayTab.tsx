// Pass display: whether the terminal shows pictures, which, for whom, and whether it has them.

import "./displayWords";
import "./displays.css";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Switch } from "antd";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { type Device, getDevice, updateDeviceSettings } from "#api/gen/smartpass/v1/devices_http";
import { createDisplay, type Display, listDisplays } from "#api/gen/smartpass/v1/displays_http";
import { getSettings } from "#api/gen/smartpass/v1/settings_http";
import { query, refresh } from "#api/query";
import { DataTable } from "#ui/DataTable";
import { GuardedButton, useBlockReason } from "#ui/GuardedButton";
import { EmptyList } from "#ui/Notice";
import { OtherRefusal } from "#ui/refusals";
import { toast } from "#ui/toasts";
import { useLiveEvents, useThrottled } from "#ui/useLive";
import { MOST_DISPLAYS } from "./displays";
import { useDisplayColumns } from "./useDisplayColumns";

const DisplayDrawer = lazy(() => import("./DisplayDrawer"));
const RemoveDisplay = lazy(() => import("./RemoveDisplay"));

const REFRESH_MS = 1_000;

export default function DisplayTab({ device }: { device: Device }) {
    const { t } = useTranslation("displays");
    const [editing, setEditing] = useState<Display | "new">();
    const [removing, setRemoving] = useState<Display>();
    useFreshDisplays(device.id);
    const list = useQuery({ ...query(listDisplays, { deviceId: device.id }), staleTime: 0 });
    const displays = list.data?.displays;
    const columns = useDisplayColumns({ onEdit: setEditing, onRemove: setRemoving });
    const full = (displays?.length ?? 0) >= MOST_DISPLAYS ? t("full", { count: MOST_DISPLAYS }) : undefined;
    const add = (
        <GuardedButton
            type="primary"
            call={createDisplay}
            blocked={device.waiting ? t("waiting") : full}
            onClick={() => setEditing("new")}
        >
            {t("add")}
        </GuardedButton>
    );
    return (
        <>
            <DisplaySwitch device={device} />
            <section className="panel">
                <div className="panel-head">
                    <h2>{t("title")}</h2>
                    {displays && displays.length > 0 && add}
                </div>
                <p className="display-intro">
                    {t("intro")} {device.state === "DEVICE_STATE_OFFLINE" && t("offline")}
                </p>
                <DataTable
                    label={t("title")}
                    columns={columns}
                    rows={displays}
                    rowKey={({ id }) => id}
                    rowName={({ id }) => id}
                    error={list.error}
                    onRetry={() => void list.refetch()}
                    empty={
                        <EmptyList
                            filtered={false}
                            nothing={t("nothing")}
                            hint={t("nothingHint")}
                            noMatch=""
                            action={add}
                            onClear={() => undefined}
                        />
                    }
                />
            </section>
            <Suspense fallback={null}>
                {editing && (
                    <DisplayDrawer
                        device={device}
                        display={editing === "new" ? undefined : editing}
                        onClose={() => setEditing(undefined)}
                    />
                )}
                {removing && <RemoveDisplay display={removing} onClose={() => setRemoving(undefined)} />}
            </Suspense>
        </>
    );
}

/** The terminal says when it has them; the list follows within a second. */
function useFreshDisplays(deviceId: string): void {
    const client = useQueryClient();
    const reload = useThrottled(() => refresh(client, listDisplays), REFRESH_MS);
    useLiveEvents((event) => {
        if (event.device?.id === deviceId) reload();
    });
}

/** One of the terminal's settings, where it is looked for. */
function DisplaySwitch({ device }: { device: Device }) {
    const { t } = useTranslation("displays");
    const client = useQueryClient();
    const reason = useBlockReason()({
        call: updateDeviceSettings,
        blocked: device.waiting ? t("waiting") : undefined,
    });
    const on = device.settings?.passDisplay ?? false;
    const { mutate, isPending, error } = useMutation({
        mutationFn: (passDisplay: boolean) =>
            updateDeviceSettings({ id: device.id, settings: { passDisplay }, updateMask: "passDisplay" } as never),
        onSuccess: (_settings, passDisplay) => {
            toast("ok", t(passDisplay ? "switched.on" : "switched.off"));
            refresh(client, getDevice, getSettings);
        },
    });
    return (
        <div className="panel device-panel display-switch">
            <OtherRefusal error={error} fields={{}} words="displays" />
            <div className="switch-field">
                <div className="meta">
                    <span id="pass-display-label" className="switch-label">
                        {t("switch")}
                    </span>
                    <div id="pass-display-notes">{reason ?? (on ? "" : t("switchOff"))}</div>
                </div>
                <Switch
                    aria-labelledby="pass-display-label"
                    aria-describedby="pass-display-notes"
                    checked={on}
                    loading={isPending}
                    disabled={reason !== undefined}
                    onChange={(next) => mutate(next)}
                />
            </div>
        </div>
    );
}
