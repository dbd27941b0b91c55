// One upgrade: how far each terminal has come, and how to go on or to end it.

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Alert, Select } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import {
    cancelRollout,
    continueRollout,
    getRollout,
    listPackages,
    listRolloutDevices,
    listRollouts,
    type Rollout,
    type RolloutDevice,
    type RolloutDeviceState,
    rolloutDeviceStateNames,
} from "#api/gen/smartpass/v1/packages_http";
import { pageQuery, query, refresh } from "#api/query";
import { pageRequest } from "#lib/search";
import { ConfirmDialog } from "#ui/ConfirmDialog";
import type { Column } from "#ui/DataTable";
import { Facts } from "#ui/Facts";
import { GuardedButton } from "#ui/GuardedButton";
import { LoadedDrawer } from "#ui/LoadedDrawer";
import { Notice } from "#ui/Notice";
import { PagedTable } from "#ui/PagedTable";
import { Pill, type Tone } from "#ui/Pill";
import { OtherRefusal } from "#ui/refusals";
import { toast } from "#ui/toasts";
import { useTimes } from "#ui/useTimes";
import { RolloutBar, RolloutStatePill, Stage } from "./RolloutBar";
import { isOver } from "./rollouts";

const POLL_MS = 1_500;

export default function RolloutDrawer({ id, onClose }: { id: string; onClose: () => void }) {
    const { t } = useTranslation("packages");
    const { data, error, refetch } = useQuery({
        ...query(getRollout, { id }),
        staleTime: 0,
        refetchInterval: ({ state }) => (state.data && isOver(state.data) ? false : POLL_MS),
    });
    return (
        <LoadedDrawer
            open
            title={t("rollouts.detailsTitle", { version: data?.version ?? "" })}
            size={680}
            ready={data !== undefined}
            error={error}
            onRetry={() => void refetch()}
            onClose={onClose}
        >
            {data && <Details rollout={data} />}
        </LoadedDrawer>
    );
}

function Details({ rollout }: { rollout: Rollout }) {
    const { t } = useTranslation("packages");
    const times = useTimes();
    const { state, createTime, endTime } = rollout;
    return (
        <>
            <RolloutStatePill rollout={rollout} />
            <RolloutBar rollout={rollout} />
            <Facts
                facts={[
                    [t("column.model"), rollout.model || t("anyModel")],
                    [t("rollouts.column.stage"), rollout.stages.length > 1 && <Stage rollout={rollout} />],
                    [t("rollouts.column.operator"), rollout.operator],
                    [t("rollouts.column.created"), createTime && times.dateTime(createTime)],
                    [t("rollouts.column.ended"), endTime && times.dateTime(endTime)],
                ]}
            />
            <p className="meta">{t("rollouts.stop", { percent: rollout.stopPercent })}</p>
            {rollout.force && <p className="meta">{t("rollouts.forced")}</p>}
            {!isOver(rollout) && <Actions rollout={rollout} stopped={state === "ROLLOUT_STATE_STOPPED"} />}
            <Devices rollout={rollout} />
        </>
    );
}

function Actions({ rollout: { id, version }, stopped }: { rollout: Rollout; stopped: boolean }) {
    const { t } = useTranslation("packages");
    const client = useQueryClient();
    const [asking, setAsking] = useState(false);
    const settled = () => refresh(client, getRollout, listRollouts, listRolloutDevices, listPackages);
    const going = useMutation({
        mutationFn: () => continueRollout({ id }),
        onSuccess: () => toast("ok", t("rollouts.continued")),
        onSettled: settled,
    });
    const cancelling = useMutation({
        mutationFn: () => cancelRollout({ id }),
        onSuccess: () => {
            toast("ok", t("rollouts.cancelled"));
            setAsking(false);
        },
        onSettled: settled,
    });
    return (
        <>
            {stopped && <Alert className="form-alert" type="warning" title={t("rollouts.continueHint")} />}
            <OtherRefusal error={going.error} fields={{}} words="packages" />
            <div className="rollout-actions">
                {stopped && (
                    <GuardedButton
                        type="primary"
                        call={continueRollout}
                        loading={going.isPending}
                        onClick={() => going.mutate()}
                    >
                        {t("rollouts.continue")}
                    </GuardedButton>
                )}
                <GuardedButton danger call={cancelRollout} onClick={() => setAsking(true)}>
                    {t("rollouts.cancel")}
                </GuardedButton>
            </div>
            <ConfirmDialog
                open={asking}
                title={t("rollouts.cancelTitle", { version })}
                action={t("rollouts.cancel")}
                busy={cancelling.isPending}
                onConfirm={() => cancelling.mutate()}
                onCancel={() => setAsking(false)}
            >
                <OtherRefusal error={cancelling.error} fields={{}} words="packages" />
                <p>{t("rollouts.cancelHint")}</p>
            </ConfirmDialog>
        </>
    );
}

const TONES: Record<RolloutDeviceState, Tone> = {
    ROLLOUT_DEVICE_STATE_UNSPECIFIED: "idle",
    ROLLOUT_DEVICE_STATE_WAITING: "idle",
    ROLLOUT_DEVICE_STATE_DOWNLOADING: "info",
    ROLLOUT_DEVICE_STATE_TRYING: "info",
    ROLLOUT_DEVICE_STATE_DONE: "ok",
    ROLLOUT_DEVICE_STATE_FAILED: "bad",
    ROLLOUT_DEVICE_STATE_SKIPPED: "idle",
};

function Devices({ rollout }: { rollout: Rollout }) {
    const { t } = useTranslation("packages");
    const [state, setState] = useState<RolloutDeviceState>();
    const [page, setPage] = useState({ page: 1, size: 20 });
    const list = useQuery({
        ...pageQuery(listRolloutDevices, {
            rolloutId: rollout.id,
            ...pageRequest(page),
            ...(state && { state }),
        }),
        staleTime: 0,
        refetchInterval: isOver(rollout) ? false : POLL_MS,
    });
    return (
        <section className="panel">
            <div className="panel-head">
                <h2>{t("rollouts.devices")}</h2>
                <Select
                    className="filter-select"
                    aria-label={t("rollouts.filter")}
                    placeholder={t("rollouts.filter")}
                    allowClear
                    value={state ?? null}
                    options={rolloutDeviceStateNames.map((value) => ({
                        value,
                        label: t(`rollouts.deviceState.${value}`),
                    }))}
                    onChange={(next) => {
                        setState(next ?? undefined);
                        setPage({ ...page, page: 1 });
                    }}
                />
            </div>
            <PagedTable
                label={t("rollouts.devices")}
                columns={useColumns()}
                rows={list.data?.devices}
                rowKey={({ deviceId }) => deviceId}
                rowName={({ deviceName }) => deviceName}
                list={list}
                paging={page}
                onPaging={setPage}
                empty={<Notice title={t("rollouts.noDevices")} />}
            />
        </section>
    );
}

function useColumns(): readonly Column<RolloutDevice>[] {
    const { t } = useTranslation("packages");
    return [
        {
            key: "device",
            title: t("rollouts.deviceColumn.device"),
            lead: true,
            render: ({ deviceId, deviceName }) => (
                <Link className="row-title" to="/devices/$id" params={{ id: deviceId }}>
                    {deviceName}
                </Link>
            ),
        },
        {
            key: "state",
            title: t("rollouts.deviceColumn.state"),
            render: (device) => <DeviceStateCell device={device} />,
        },
        {
            key: "stage",
            title: t("rollouts.deviceColumn.stage"),
            align: "end",
            render: ({ stage }) => stage + 1,
        },
        {
            key: "version",
            title: t("rollouts.deviceColumn.version"),
            render: ({ softwareVersion }) => softwareVersion || "–",
        },
    ];
}

function DeviceStateCell({ device: { state, reason, percent } }: { device: RolloutDevice }) {
    const { t, i18n } = useTranslation("packages");
    const known = i18n.exists(`rollouts.reason.${reason}`, { ns: "packages" });
    return (
        <div className="stack">
            <Pill tone={TONES[state]}>
                {t(`rollouts.deviceState.${state}`)}
                {state === "ROLLOUT_DEVICE_STATE_DOWNLOADING" && ` ${percent} %`}
            </Pill>
            {reason && (
                <span className="meta">
                    {known ? t(`rollouts.reason.${reason}` as "rollouts.reason.OLDER") : reason}
                </span>
            )}
        </div>
    );
}
