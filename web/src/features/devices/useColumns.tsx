import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { Device } from "#api/gen/smartpass/v1/devices_http";
import type { Group } from "#api/gen/smartpass/v1/org_http";
import type { Column } from "#ui/DataTable";
import { groupName } from "#ui/GroupTree";
import { DeviceStatePill } from "#ui/PassMarks";
import { Pill } from "#ui/Pill";
import { useNow, useTimes } from "#ui/useTimes";
import { Condition } from "./Condition";
import { type DeviceActions, DeviceMenu } from "./DeviceMenu";
import { clockText, storageText } from "./figures";

export function useColumns(groups: readonly Group[], actions: DeviceActions): readonly Column<Device>[] {
    const { t } = useTranslation("devices");
    return [
        {
            key: "name",
            title: t("column.name"),
            lead: true,
            render: (device) => <NameCell device={device} {...actions} />,
        },
        { key: "state", title: t("column.state"), render: (device) => <StateCell device={device} /> },
        { key: "condition", title: t("column.condition"), render: (device) => <Condition device={device} /> },
        {
            key: "group",
            title: t("column.group"),
            render: (device) => groupName(groups, device.groupId) || <Nothing />,
        },
        {
            key: "place",
            title: t("column.place"),
            render: (device) => <span className="place">{device.place || "–"}</span>,
        },
        { key: "address", title: t("column.address"), render: (device) => device.address || <Nothing /> },
        { key: "mac", title: t("column.mac"), render: (device) => device.mac || <Nothing /> },
        { key: "version", title: t("column.version"), render: (device) => device.softwareVersion || <Nothing /> },
        { key: "people", title: t("column.people"), align: "end", render: (device) => <People device={device} /> },
        { key: "photos", title: t("column.photos"), align: "end", render: (device) => device.photoCount },
        { key: "seen", title: t("column.seen"), optional: true, render: (device) => <LastSeen device={device} /> },
        { key: "serial", title: t("column.serial"), optional: true, render: ({ serialNumber }) => serialNumber },
        { key: "model", title: t("column.model"), optional: true, render: ({ model }) => model || <Nothing /> },
        {
            key: "storage",
            title: t("column.storage"),
            optional: true,
            render: (one) => storageText(one) || <Nothing />,
        },
        { key: "skew", title: t("column.skew"), optional: true, align: "end", render: (one) => clockText(one) },
        {
            key: "actions",
            title: t("actions"),
            quiet: true,
            align: "end",
            render: (device) => <DeviceMenu device={device} {...actions} />,
        },
    ];
}

const Nothing = () => <span className="meta">–</span>;

function NameCell({ device, onApprove }: DeviceActions & { device: Device }) {
    const { t } = useTranslation("devices");
    return (
        <span className="name-line">
            <Link className="row-title" to="/devices/$id" params={{ id: device.id }}>
                {device.name}
            </Link>
            {device.waiting && (
                <button type="button" className="pill-button" onClick={() => onApprove(device)}>
                    <Pill tone="warn">{t("waiting")}</Pill>
                </button>
            )}
        </span>
    );
}

/** Online, or since when it is not. */
function StateCell({ device }: { device: Device }) {
    return (
        <div className="stack">
            <DeviceStatePill state={device.state} />
            {device.state === "DEVICE_STATE_OFFLINE" && (
                <span className="meta">
                    <LastSeen device={device} />
                </span>
            )}
        </div>
    );
}

const AGO_STEP_MS = 10_000;

export function LastSeen({ device }: { device: Device }) {
    const { t } = useTranslation("devices");
    const times = useTimes();
    const now = useNow(AGO_STEP_MS);
    if (!device.lastSeenTime) return <span className="meta">{t("never")}</span>;
    return (
        <time dateTime={device.lastSeenTime} title={times.dateTime(device.lastSeenTime)}>
            {times.ago(device.lastSeenTime, now)}
        </time>
    );
}

function People({ device: { peopleCount, peopleCapacity } }: { device: Device }) {
    const { t } = useTranslation("devices");
    const full = peopleCapacity > 0 && peopleCount >= peopleCapacity;
    return (
        <>
            {peopleCount} {full && <Pill tone="bad">{t("full")}</Pill>}
        </>
    );
}
