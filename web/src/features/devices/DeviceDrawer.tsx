import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { type Device, getDevice } from "#api/gen/smartpass/v1/devices_http";
import { query } from "#api/query";
import { Facts } from "#ui/Facts";
import { LoadedDrawer } from "#ui/LoadedDrawer";
import { DeviceStatePill } from "#ui/PassMarks";
import { useTimes } from "#ui/useTimes";
import { SettingsForm } from "./SettingsForm";

interface DeviceDrawerProps {
    /** "": closed. */
    id: string;
    onClose: () => void;
}

export function DeviceDrawer({ id, onClose }: DeviceDrawerProps) {
    const { t } = useTranslation("devices");
    const { data, error, refetch } = useQuery({ ...query(getDevice, { id }), enabled: id !== "", staleTime: 0 });
    return (
        <LoadedDrawer
            open={id !== ""}
            title={t("form.title", { name: data?.name ?? "" })}
            size={520}
            ready={data !== undefined}
            error={error}
            onRetry={() => void refetch()}
            onClose={onClose}
        >
            {data && <DeviceFacts device={data} />}
            {data && <SettingsForm device={data} onDone={onClose} />}
        </LoadedDrawer>
    );
}

function DeviceFacts({ device }: { device: Device }) {
    const { t } = useTranslation("devices");
    const times = useTimes();
    const facts = [
        [t("form.serial"), device.serialNumber],
        [t("form.address"), device.address],
        [t("form.mac"), device.mac],
        [t("form.model"), device.model],
        [t("column.version"), device.softwareVersion],
        [t("form.engine"), device.engine],
        [t("form.certificate"), device.certificateExpireTime && times.dateMinute(device.certificateExpireTime)],
    ] as const;
    return (
        <section aria-label={t("form.facts")}>
            <DeviceStatePill state={device.state} />
            <Facts facts={facts} />
        </section>
    );
}
