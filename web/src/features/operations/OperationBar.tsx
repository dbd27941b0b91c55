import { useTranslation } from "react-i18next";
import type { Operation } from "#api/gen/smartpass/v1/operations_http";
import { progressOf } from "#api/operations";
import { Pill, type Tone } from "#ui/Pill";
import { ProgressBar } from "#ui/ProgressBar";
import { useOperationName } from "./useOperationName";
import { useOperationStage } from "./useOperationStage";

const TONES: Record<Operation["state"], Tone> = {
    OPERATION_STATE_UNSPECIFIED: "idle",
    OPERATION_STATE_QUEUED: "warn",
    OPERATION_STATE_RUNNING: "info",
    OPERATION_STATE_SUCCEEDED: "ok",
    OPERATION_STATE_FAILED: "bad",
    OPERATION_STATE_CANCELLED: "idle",
};

const BAR_TONES = {
    OPERATION_STATE_UNSPECIFIED: "running",
    OPERATION_STATE_QUEUED: "running",
    OPERATION_STATE_RUNNING: "running",
    OPERATION_STATE_SUCCEEDED: "ok",
    OPERATION_STATE_FAILED: "bad",
    OPERATION_STATE_CANCELLED: "idle",
} as const satisfies Record<Operation["state"], unknown>;

export function OperationStatePill({ operation }: { operation: Operation }) {
    const { t } = useTranslation("operations");
    if (operation.cancelRequested && !operation.done) return <Pill tone="warn">{t("cancelling")}</Pill>;
    return <Pill tone={TONES[operation.state]}>{t(`state.${operation.state}`)}</Pill>;
}

export function OperationBar({ operation }: { operation: Operation }) {
    const { t } = useTranslation("operations");
    const nameOf = useOperationName();
    const stageOf = useOperationStage();
    const { done, total, percent } = progressOf(operation);
    return (
        <ProgressBar
            label={t("progressLabel", { name: nameOf(operation) })}
            percent={percent}
            words={total > 0 ? t("progress", { done, total }) : t("progressUnknown", { done })}
            tone={BAR_TONES[operation.state]}
        >
            {!operation.done && operation.stage && ` · ${stageOf(operation)}`}
        </ProgressBar>
    );
}
