// What is the matter with a terminal, the worst first.

import { useTranslation } from "react-i18next";
import type { Device } from "#api/gen/smartpass/v1/devices_http";
import { Pill } from "#ui/Pill";
import { clockText, isClockWrong, isStorageShort, storageText } from "./figures";

export function Condition({ device }: { device: Device }) {
    const { t } = useTranslation("devices");
    const { risks, pendingPeople, pendingSettings, refusedSettings, lastError } = device;
    const unsent = Number(device.unsentRecords);
    const snapshots = Number(device.unsentSnapshots);
    const marks = [
        risks.length > 0 && (
            <span key="risks" title={risks.map((risk) => t(`risk.${risk}`)).join(" ")}>
                <Pill tone="bad">{t("risksCount", { count: risks.length })}</Pill>
            </span>
        ),
        refusedSettings > 0 && (
            <Pill key="refused" tone="bad">
                {t("refusedSettings", { count: refusedSettings })}
            </Pill>
        ),
        isClockWrong(device) && (
            <Pill key="clock" tone="warn">
                {t("column.skew")} {clockText(device)}
            </Pill>
        ),
        isStorageShort(device) && (
            <Pill key="storage" tone="warn">
                {storageText(device)}
            </Pill>
        ),
        pendingSettings > 0 && (
            <Pill key="settings" tone="warn">
                {t("pendingSettings", { count: pendingSettings })}
            </Pill>
        ),
        pendingPeople > 0 && (
            <Pill key="people" tone="warn">
                {t("pending", { count: pendingPeople })}
            </Pill>
        ),
        unsent > 0 && (
            <span key="unsent" className="meta">
                {t("unsent", { count: unsent })}
            </span>
        ),
        snapshots > 0 && (
            <span key="snapshots" className="meta">
                {t("unsentSnapshots", { count: snapshots })}
            </span>
        ),
        lastError !== "" && (
            <span key="error" className="meta">
                {lastError}
            </span>
        ),
    ].filter(Boolean);
    return marks.length === 0 ? <Pill tone="ok">{t("healthy")}</Pill> : <div className="pills">{marks}</div>;
}
