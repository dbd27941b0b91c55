import { useTranslation } from "react-i18next";
import type { Operation } from "#api/gen/smartpass/v1/operations_http";
import { Pill, type Tone } from "#ui/Pill";
import { progressOf } from "./progress";
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

export function OperationStatePill({ operation }: { operation: Operation }) {
    const { t } = useTranslation("operations");
    if (operation.cancelRequested && !operation.done) return <Pill tone="warn">{t("cancelling")}</Pill>;
    return <Pill tone={TONES[operation.state]}>{t(`state.${operation.state}`)}</Pill>;
}

export function ProgressBar({ operation }: { operation: Operation }) {
    const { t } = useTranslation("operations");
    const nameOf = useOperationName();
    const stageOf = useOperationStage();
    const { done, total, percent } = progressOf(operation);
    const words = total > 0 ? t("progress", { done, total }) : t("progressUnknown", { done });
    return (
        <div className="operation-progress">
            <div
                className={`operation-bar is-${operation.state}`}
                role="progressbar"
                aria-label={t("progressLabel", { name: nameOf(operation) })}
                aria-valuemin={0}
                aria-valuemax={100}
                {...(percent !== undefined && { "aria-valuenow": percent })}
                aria-valuetext={words}
            >
                <span style={{ width: `${percent ?? 0}%` }} />
            </div>
            <span className="meta">
                {words}
                {!operation.done && operation.stage && ` · ${stageOf(operation)}`}
            </span>
        </div>
    );
}
