// What is known of a terminal.

import { useTranslation } from "react-i18next";
import type { Device, DeviceRisk } from "#api/gen/smartpass/v1/devices_http";
import { Facts } from "#ui/Facts";
import { groupName, useGroups, useSections } from "#ui/GroupTree";
import { BangIcon } from "#ui/icons";
import { useTimes } from "#ui/useTimes";
import { clockText, storageText } from "./figures";

export function DeviceFacts({ device }: { device: Device }) {
    const { t } = useTranslation("devices");
    const times = useTimes();
    const groups = useGroups();
    const sections = useSections("MODULE_DEVICES");
    const at = (instant: string | undefined) => instant && times.dateTime(instant);
    const capacity =
        device.peopleCapacity > 0 ? `${device.peopleCount} / ${device.peopleCapacity}` : `${device.peopleCount}`;
    const unsent = [
        Number(device.unsentRecords) > 0 && t("unsent", { count: Number(device.unsentRecords) }),
        Number(device.unsentSnapshots) > 0 && t("unsentSnapshots", { count: Number(device.unsentSnapshots) }),
    ].filter(Boolean);
    return (
        <section aria-label={t("facts.label")}>
            <Facts
                facts={[
                    [t("column.group"), groupName(groups, device.groupId)],
                    [t("move.section"), groupName(sections, device.sectionId)],
                    [t("column.place"), device.place],
                    [t("column.serial"), device.serialNumber],
                    [t("column.address"), device.address],
                    [t("column.mac"), device.mac],
                    [t("column.model"), device.model],
                    [t("column.version"), device.softwareVersion],
                    [t("facts.engine"), device.engine],
                    [t("column.people"), capacity],
                    [t("column.photos"), String(device.photoCount)],
                    [t("facts.unsent"), unsent.join(", ")],
                    [t("column.storage"), storageText(device)],
                    [t("facts.clock"), device.connectTime && clockText(device)],
                    [t("facts.error"), device.lastError],
                    [t("facts.connected"), at(device.connectTime)],
                    [t("column.seen"), at(device.lastSeenTime)],
                    [t("facts.enrolled"), at(device.createTime)],
                    [t("facts.certificate"), at(device.certificateExpireTime)],
                ]}
            />
        </section>
    );
}

export function Risks({ risks }: { risks: readonly DeviceRisk[] }) {
    const { t } = useTranslation("devices");
    return (
        <ul className="risks">
            {risks.map((risk) => (
                <li key={risk}>
                    <BangIcon size={14} />
                    {t(`risk.${risk}`)}
                </li>
            ))}
        </ul>
    );
}
