// How far an upgrade is.

import { useTranslation } from "react-i18next";
import type { Rollout, RolloutState } from "#api/gen/smartpass/v1/packages_http";
import { Pill, type Tone } from "#ui/Pill";
import { ProgressBar } from "#ui/ProgressBar";
import { percentOf } from "./rollouts";

const TONES: Record<RolloutState, Tone> = {
    ROLLOUT_STATE_UNSPECIFIED: "idle",
    ROLLOUT_STATE_RUNNING: "info",
    ROLLOUT_STATE_STOPPED: "bad",
    ROLLOUT_STATE_DONE: "ok",
    ROLLOUT_STATE_CANCELLED: "idle",
};

export function RolloutStatePill({ rollout: { state } }: { rollout: Rollout }) {
    const { t } = useTranslation("packages");
    return <Pill tone={TONES[state]}>{t(`rollouts.state.${state}`)}</Pill>;
}

export function RolloutBar({ rollout }: { rollout: Rollout }) {
    const { t } = useTranslation("packages");
    const { state, deviceCount, doneCount, failedCount, workingCount, waitingCount, skippedCount } = rollout;
    const running = state === "ROLLOUT_STATE_RUNNING";
    return (
        <ProgressBar
            label={t("rollouts.detailsTitle", { version: rollout.version })}
            percent={percentOf(rollout)}
            tone={failedCount > 0 ? "bad" : running ? "running" : state === "ROLLOUT_STATE_DONE" ? "ok" : "idle"}
            words={t("rollouts.progressWords", {
                done: doneCount,
                all: deviceCount,
                working: workingCount,
                waiting: waitingCount,
            })}
        >
            {skippedCount > 0 && `, ${t("rollouts.skipped", { count: skippedCount })}`}
        </ProgressBar>
    );
}

export function Stage({ rollout: { stage, stages } }: { rollout: Rollout }) {
    const { t } = useTranslation("packages");
    if (stages.length < 2) return <span className="meta">–</span>;
    return t("rollouts.stageOf", { stage: stage + 1, all: stages.length, percent: stages[stage] ?? 100 });
}
