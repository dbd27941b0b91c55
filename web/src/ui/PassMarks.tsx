// The words and colours of a pass, the same on the wall, in lists and in dialogs.

import { useTranslation } from "react-i18next";
import type { DeviceState } from "#api/gen/smartpass/v1/devices_http";
import type { Pass } from "#api/gen/smartpass/v1/pass_http";
import type { DenyReason, PassResult, PassState, PersonKind } from "#api/gen/smartpass/v1/types_http";
import { degrees, temperatureVerdict } from "#lib/temperature";
import { Pill, type Tone } from "./Pill";
import { useTemperatureUnit } from "./usePreferences";

const KIND_TONES: Record<PersonKind, Tone> = {
    PERSON_KIND_UNSPECIFIED: "idle",
    PERSON_KIND_EMPLOYEE: "info",
    PERSON_KIND_VISITOR: "visitor",
    PERSON_KIND_BLACKLIST: "alarm",
    PERSON_KIND_STRANGER: "idle",
};

export function KindPill({ kind }: { kind: PersonKind }) {
    const { t } = useTranslation("ui");
    return (
        <Pill tone={KIND_TONES[kind]} plain={kind !== "PERSON_KIND_BLACKLIST"}>
            {t(`kind.${kind}`)}
        </Pill>
    );
}

export function ResultPill({ result }: { result: PassResult }) {
    const { t } = useTranslation("ui");
    return <Pill tone={result === "PASS_RESULT_ALLOWED" ? "ok" : "bad"}>{t(`result.${result}`)}</Pill>;
}

/** Why somebody was not let in; nothing when they were. */
export function DenyWords({ result, reason }: { result: PassResult; reason: DenyReason }) {
    const { t } = useTranslation("ui");
    return result === "PASS_RESULT_DENIED" ? <span className="meta">{t(`deny.${reason}`)}</span> : null;
}

const STATE_TONES: Record<PassState, Tone> = {
    PASS_STATE_UNSPECIFIED: "idle",
    PASS_STATE_NORMAL: "ok",
    PASS_STATE_ABNORMAL_TEMPERATURE: "bad",
    PASS_STATE_NO_MASK: "warn",
};

export function PassStatePill({ state }: { state: PassState }) {
    const { t } = useTranslation("ui");
    return <Pill tone={STATE_TONES[state]}>{t(`passState.${state}`)}</Pill>;
}

/** Red when it reached the threshold of its own record, green below, a grey "none" when nothing was measured. */
export function Temperature({ pass }: { pass: Pick<Pass, "temperatureCenti" | "thresholdCenti"> }) {
    const { t } = useTranslation("ui");
    const unit = useTemperatureUnit();
    const verdict = temperatureVerdict(pass.temperatureCenti, pass.thresholdCenti);
    if (verdict === "none")
        return (
            <Pill tone="idle">
                <span aria-hidden="true">{t("none")}</span>
                <span className="sr-only">{t("temperatureNone")}</span>
            </Pill>
        );

    const value = degrees(pass.temperatureCenti, unit);
    return (
        <Pill tone={verdict === "high" ? "bad" : "ok"}>
            <span aria-hidden="true">{value}</span>
            <span className="sr-only">
                {t(verdict === "high" ? "temperatureHigh" : "temperatureNormal", { value })}
            </span>
        </Pill>
    );
}

const DEVICE_TONES: Record<DeviceState, Tone> = {
    DEVICE_STATE_UNSPECIFIED: "idle",
    DEVICE_STATE_ONLINE: "ok",
    DEVICE_STATE_OFFLINE: "warn",
};

export function DeviceStatePill({ state }: { state: DeviceState }) {
    const { t } = useTranslation("ui");
    return <Pill tone={DEVICE_TONES[state]}>{t(`deviceState.${state}`)}</Pill>;
}

/** What to call whoever passed. */
export function usePassName(): (pass: Pick<Pass, "personName">) => string {
    const { t } = useTranslation("ui");
    return (pass) => pass.personName || t("stranger");
}
