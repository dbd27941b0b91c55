// How far the terminals are with what they were told, and what they would not take.

import { useTranslation } from "react-i18next";
import type { SettingsView } from "#api/gen/smartpass/v1/settings_http";
import { ProgressBar } from "#ui/ProgressBar";
import { nameOf } from "./settings";
import { useSettingWords } from "./useSettingWords";

export function SettingsProgress({ view }: { view: SettingsView }) {
    const { t } = useTranslation("settings");
    const { deviceCount, pendingCount, onlineCount, refusals } = view;
    const done = deviceCount - pendingCount;
    const one = deviceCount === 1;
    const offline = Math.min(deviceCount - onlineCount, pendingCount);
    const words =
        pendingCount === 0
            ? t(refusals.length > 0 ? "answered" : one ? "confirmedOne" : "confirmed")
            : one
              ? t("waitingOne")
              : t("waiting", { done, all: deviceCount });
    return (
        <div className="settings-progress" aria-live="polite">
            <ProgressBar
                label={t("progress")}
                percent={deviceCount === 0 ? 0 : Math.floor((done / deviceCount) * 100)}
                words={words}
                tone={pendingCount > 0 ? "running" : refusals.length > 0 ? "bad" : "ok"}
            >
                {offline > 0 && ` ${t("offline", { count: offline })}`}
                {refusals.length > 0 && ` ${t("refusedCount", { count: refusals.length })}`}
            </ProgressBar>
        </div>
    );
}

/** What the terminals would not take: each stays with what it had. */
export function Refusals({ view: { refusals } }: { view: SettingsView }) {
    const { t } = useTranslation("settings");
    const words = useSettingWords();
    return (
        <table className="table table-compact refusals">
            <caption className="refusals-title">{t("refusals")}</caption>
            <thead>
                <tr>
                    <th scope="col">{t("refusalDevice")}</th>
                    <th scope="col">{t("refusalSetting")}</th>
                    <th scope="col">{t("refusalReason")}</th>
                </tr>
            </thead>
            <tbody>
                {refusals.map(({ deviceId, deviceName, setting, reason }) => {
                    const name = nameOf(setting);
                    return (
                        <tr key={`${deviceId} ${setting}`}>
                            <td>{deviceName}</td>
                            <td>{name ? words.label(name) : setting}</td>
                            <td>{words.refusal(reason)}</td>
                        </tr>
                    );
                })}
            </tbody>
        </table>
    );
}
