import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { type Device, deleteDevice, updateDeviceSettings } from "#api/gen/smartpass/v1/devices_http";
import { listGrants } from "#api/gen/smartpass/v1/pass_http";
import type { Column } from "#ui/DataTable";
import { useBlockReason } from "#ui/GuardedButton";
import { DeviceStatePill } from "#ui/PassMarks";
import { Pill } from "#ui/Pill";
import { RowMenu } from "#ui/RowMenu";
import { useNow, useTimes } from "#ui/useTimes";

interface ColumnActions {
    onSettings: (id: string) => void;
    onDelete: (device: Device) => void;
}

export function useColumns(actions: ColumnActions): readonly Column<Device>[] {
    const { t } = useTranslation("devices");
    return [
        {
            key: "name",
            title: t("column.name"),
            lead: true,
            render: (device) => (
                <div className="stack">
                    <button type="button" className="row-title" onClick={() => actions.onSettings(device.id)}>
                        {device.name}
                    </button>
                    <span className="meta">{device.address || device.serialNumber}</span>
                </div>
            ),
        },
        { key: "state", title: t("column.state"), render: (device) => <StateCell device={device} /> },
        { key: "seen", title: t("column.seen"), render: (device) => <LastSeen device={device} /> },
        { key: "version", title: t("column.version"), render: (device) => device.softwareVersion || "–" },
        { key: "people", title: t("column.people"), align: "end", render: (device) => device.peopleCount },
        { key: "photos", title: t("column.photos"), align: "end", render: (device) => device.photoCount },
        { key: "pending", title: t("column.pending"), render: (device) => <Pending device={device} /> },
        { key: "settings", title: t("column.settings"), render: (device) => <SettingsState device={device} /> },
        {
            key: "actions",
            title: t("actions"),
            quiet: true,
            align: "end",
            render: (device) => <DeviceMenu device={device} {...actions} />,
        },
    ];
}

const StateCell = ({ device }: { device: Device }) => <DeviceStatePill state={device.state} />;

const AGO_STEP_MS = 10_000;

function LastSeen({ device }: { device: Device }) {
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

/** What is still under way in either direction. */
function Pending({ device }: { device: Device }) {
    const { t } = useTranslation("devices");
    const unsent = Number(device.unsentRecords);
    if (device.pendingPeople === 0 && unsent === 0) return <span className="meta">–</span>;
    return (
        <div className="stack">
            {device.pendingPeople > 0 && <Pill tone="warn">{t("pending", { count: device.pendingPeople })}</Pill>}
            {unsent > 0 && <span className="meta">{t("unsent", { count: unsent })}</span>}
        </div>
    );
}

export function SettingsState({ device: { settings } }: { device: Device }) {
    const { t } = useTranslation("devices");
    if (!settings) return null;
    return settings.version === settings.reportedVersion ? (
        <Pill tone="ok">{t("settingsCurrent")}</Pill>
    ) : (
        <Pill tone="warn">{t("settingsWaiting")}</Pill>
    );
}

function DeviceMenu({ device, onSettings, onDelete }: ColumnActions & { device: Device }) {
    const { t } = useTranslation("devices");
    const blockReason = useBlockReason();
    const navigate = useNavigate();
    const offline = device.state === "DEVICE_STATE_OFFLINE";
    return (
        <RowMenu
            name={device.name}
            actions={[
                {
                    key: "settings",
                    label: t("settings"),
                    blocked: blockReason({ call: updateDeviceSettings }),
                    run: () => onSettings(device.id),
                },
                {
                    key: "grants",
                    label: t("showGrants"),
                    blocked: blockReason({ call: listGrants }),
                    run: () => void navigate({ to: "/grants", search: { device: device.id } }),
                },
                {
                    key: "passes",
                    label: t("showPasses"),
                    blocked: blockReason({ call: listGrants }),
                    run: () => void navigate({ to: "/passes", search: { device: device.id } }),
                },
                {
                    key: "delete",
                    label: t("delete"),
                    danger: true,
                    blocked: blockReason({ call: deleteDevice, blocked: offline ? undefined : t("deleteOnline") }),
                    run: () => onDelete(device),
                },
            ]}
        />
    );
}
