// What became of each terminal that something was done to together.

import { useTranslation } from "react-i18next";
import type { DeviceOutcome } from "#api/gen/smartpass/v1/devices_http";
import { Pill } from "#ui/Pill";

export function Outcomes({ outcomes }: { outcomes: readonly DeviceOutcome[] }) {
    const { t, i18n } = useTranslation("devices");
    const words = (reason: string) =>
        i18n.exists(`error.${reason}`, { ns: "devices" }) ? t(`error.${reason}` as "error.DEVICE_NOT_FOUND") : reason;
    return (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the arrow keys scroll it
        <section className="command-list" aria-label={t("outcomes.title")} tabIndex={0}>
            <ul>
                {outcomes.map(({ id, name, reason }) => (
                    <li key={id}>
                        <span className="row-name">{name || t("outcomes.unknown")}</span>
                        {reason === "" ? (
                            <Pill tone="ok">{t("outcomes.done")}</Pill>
                        ) : (
                            <Pill tone="bad">{words(reason)}</Pill>
                        )}
                    </li>
                ))}
            </ul>
        </section>
    );
}
