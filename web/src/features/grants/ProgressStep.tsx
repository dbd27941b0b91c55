import { Alert } from "antd";
import { Trans, useTranslation } from "react-i18next";
import { Pill } from "#ui/Pill";
import { useErrorWords } from "#ui/useErrorWords";
import { useLiveState } from "#ui/useLive";
import type { DeviceProgress, Failure, Progress } from "./progress";

interface ProgressStepProps {
    progress: Progress;
    error: unknown;
}

export function ProgressStep({ progress, error }: ProgressStepProps) {
    const { t } = useTranslation("grants");
    const words = useErrorWords();
    const live = useLiveState();
    const { total, ok, failed } = progress;
    return (
        <>
            {error !== null && <Alert className="form-alert" type="error" title={words(error)} role="alert" />}
            {live !== "live" && <Alert className="form-alert" type="warning" title={t("progress.notLive")} />}
            <p role="status">
                <Trans
                    t={t}
                    i18nKey="progress.sum"
                    values={{ done: ok + failed, total, ok, failed }}
                    components={{ b: <strong /> }}
                />
            </p>
            <ul className="progress">
                {progress.devices.map((one) => (
                    <DeviceRow key={one.device.id} progress={one} />
                ))}
            </ul>
            {progress.failures.length > 0 && <Failures failures={progress.failures} />}
        </>
    );
}

function DeviceRow({ progress: { device, ok, failed, left } }: { progress: DeviceProgress }) {
    const { t } = useTranslation("grants");
    const total = ok + failed + left;
    const done = ok + failed;
    const part = (count: number) => `${(100 * count) / Math.max(1, total)}%`;
    return (
        <li>
            <strong>{device.name}</strong>
            <div>
                <div
                    className="progress-bar"
                    role="progressbar"
                    aria-label={t("progress.bar", { device: device.name, done, total })}
                    aria-valuemin={0}
                    aria-valuemax={total}
                    aria-valuenow={done}
                >
                    <span className="progress-ok" style={{ width: part(ok) }} />
                    <span className="progress-failed" style={{ width: part(failed) }} />
                </div>
                <span className="meta">{t("progress.device", { ok, failed, left })}</span>
            </div>
            <DeviceState online={device.online} left={left} failed={failed} />
        </li>
    );
}

function DeviceState({ online, left, failed }: { online: boolean; left: number; failed: number }) {
    const { t } = useTranslation("grants");
    if (left > 0 && !online) return <Pill tone="warn">{t("progress.waiting")}</Pill>;
    if (left > 0) return <Pill tone="info">{t("progress.sending")}</Pill>;
    if (failed > 0) return <Pill tone="bad">{t("progress.someFailed")}</Pill>;
    return <Pill tone="ok">{t("progress.done")}</Pill>;
}

const MOST_SHOWN = 100;

/** The first ones; the file has all of them. */
function Failures({ failures }: { failures: readonly Failure[] }) {
    const { t } = useTranslation("grants");
    return (
        <section aria-labelledby="failures-title">
            <h2 id="failures-title" className="section-title">
                {t("progress.failures")}
            </h2>
            <ul className="failures">
                {failures.slice(0, MOST_SHOWN).map(({ person, device, reason }) => (
                    <li key={`${person.id}/${device.id}`}>
                        <span>
                            {person.name} <span className="meta">{person.number}</span>
                        </span>
                        <span>{device.name}</span>
                        <span className="field-error">{t(`failure.${reason}`)}</span>
                    </li>
                ))}
            </ul>
        </section>
    );
}
