// One terminal: what is known of it, its settings, what it can be told to do, what it says of itself.

import "./words";
import "./commandWords";
import "./devices.css";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { Alert, Skeleton, Tabs } from "antd";
import { lazy, type ReactNode, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiError } from "#api/errors";
import { approveDevice, type Device, getDevice } from "#api/gen/smartpass/v1/devices_http";
import { query, refresh } from "#api/query";
import { GuardedButton } from "#ui/GuardedButton";
import { Failure, Notice } from "#ui/Notice";
import { Page } from "#ui/Page";
import { DeviceStatePill } from "#ui/PassMarks";
import { useLiveEvents, useThrottled } from "#ui/useLive";
import { type DeviceActions, DeviceMenu } from "./DeviceMenu";
import { OverviewTab } from "./OverviewTab";
import { TABS } from "./search";
import { partNames } from "./settingParts";
import { Tasks } from "./Tasks";
import { targetOf } from "./target";
import { useTasks } from "./useTasks";

const SettingsTab = lazy(() => import("./SettingsForm").then(({ SettingsForm }) => ({ default: SettingsForm })));
const ScreenTab = lazy(() => import("./ScreenTab"));
const OperationTab = lazy(() => import("./OperationTab"));
const DisplayTab = lazy(() => import("./DisplayTab"));
const LogTab = lazy(() => import("./LogTab"));
const AlarmsTab = lazy(() => import("./AlarmsTab"));

const route = getRouteApi("/shell/devices/$id");
const REFRESH_MS = 2_000;

export function DevicePage() {
    const { t } = useTranslation("devices");
    const { id } = route.useParams();
    useFreshDevice(id);
    const { data, error, refetch } = useQuery({ ...query(getDevice, { id }), staleTime: 0 });
    const gone = error instanceof ApiError && error.status === "NOT_FOUND";
    if (data && !gone) return <Loaded key={id} device={data} />;
    return (
        <Page title={t("facts.label")} subtitle={<Back />}>
            {gone ? (
                <Notice title={t("details.gone")} />
            ) : error ? (
                <Failure error={error} onRetry={() => void refetch()} />
            ) : (
                <Skeleton active title={false} />
            )}
        </Page>
    );
}

const Back = () => {
    const { t } = useTranslation("devices");
    return <Link to="/devices">{t("details.back")}</Link>;
};

function Loaded({ device }: { device: Device }) {
    const { t } = useTranslation("devices");
    const { tab } = route.useSearch();
    const go = route.useNavigate();
    const leave = useNavigate();
    const [approving, setApproving] = useState("");
    const { task, on, close } = useTasks(({ id }) => setApproving(id));
    return (
        <Page
            title={device.name}
            subtitle={
                <span className="name-line">
                    <Back /> <DeviceStatePill state={device.state} />
                </span>
            }
            actions={<DeviceMenu device={device} {...on} />}
        >
            {device.waiting && <Waiting device={device} onApprove={on.onApprove} />}
            <Tabs
                className="device-tabs"
                activeKey={tab || "overview"}
                onChange={(key) => void go({ search: { tab: TABS.find((one) => one === key) ?? "" }, replace: true })}
                destroyOnHidden
                items={[
                    { key: "overview", label: t("details.tabs.overview"), children: <OverviewTab device={device} /> },
                    {
                        key: "settings",
                        label: t("details.tabs.settings"),
                        children: later(<SettingsTab target={targetOf(device)} parts={partNames} />),
                    },
                    {
                        key: "screen",
                        label: t("details.tabs.screen"),
                        children: later(<ScreenTab device={device} onOrder={on.onOrder} />),
                    },
                    {
                        key: "operation",
                        label: t("details.tabs.operation"),
                        children: later(<OperationTab device={device} onOrder={on.onOrder} />),
                    },
                    {
                        key: "display",
                        label: t("details.tabs.display"),
                        children: later(<DisplayTab device={device} />),
                    },
                    { key: "log", label: t("details.tabs.log"), children: later(<LogTab device={device} />) },
                    { key: "alarms", label: t("details.tabs.alarms"), children: later(<AlarmsTab device={device} />) },
                ]}
            />
            <Tasks
                task={task}
                onClose={close}
                onGone={() => {
                    const deleted = task?.kind === "delete";
                    close();
                    if (deleted) void leave({ to: "/devices" });
                }}
                approve={approving}
                onApproveClose={() => setApproving("")}
            />
        </Page>
    );
}

/** Each panel comes when it is opened. */
const later = (panel: ReactNode) => <Suspense fallback={<Skeleton active title={false} />}>{panel}</Suspense>;

function Waiting({ device, onApprove }: { device: Device; onApprove: DeviceActions["onApprove"] }) {
    const { t } = useTranslation("devices");
    return (
        <Alert
            type="warning"
            title={t("details.waiting")}
            action={
                <GuardedButton size="small" call={approveDevice} onClick={() => onApprove(device)}>
                    {t("menu.approve")}
                </GuardedButton>
            }
        />
    );
}

function useFreshDevice(id: string): void {
    const client = useQueryClient();
    const reload = useThrottled(() => refresh(client, getDevice), REFRESH_MS);
    useLiveEvents((event) => {
        if (event.device?.id === id) reload();
    });
}
