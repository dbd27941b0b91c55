// Alarms as every list shows them, and the way to say that somebody has seen to them.

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import {
    type Alarm,
    type AlarmKind,
    acknowledgeAlarms,
    getFleetHealth,
    listAlarms,
} from "#api/gen/smartpass/v1/monitor_http";
import { refresh } from "#api/query";
import { en } from "./alarms.en";
import { zh } from "./alarms.zh";
import type { Column } from "./DataTable";
import { GuardedButton } from "./GuardedButton";
import { Pill, type Tone } from "./Pill";
import { toast } from "./toasts";
import { useErrorWords } from "./useErrorWords";
import { useTimes } from "./useTimes";
import { addWords } from "./words";

addWords("alarm", { en, zh });

/** Records that are lost or in danger of it weigh more than what mends itself. */
const TONES: Record<AlarmKind, Tone> = {
    ALARM_KIND_UNSPECIFIED: "idle",
    ALARM_KIND_RECORD_REJECTED: "bad",
    ALARM_KIND_CERTIFICATE_REFUSED: "bad",
    ALARM_KIND_RECORD_GAP: "bad",
    ALARM_KIND_DEVICE_OFFLINE: "warn",
    ALARM_KIND_CLOCK_SKEW: "warn",
    ALARM_KIND_BACKLOG: "warn",
    ALARM_KIND_CERTIFICATE_EXPIRY: "warn",
};

export const isOpen = ({ endTime, acknowledgeTime }: Pick<Alarm, "endTime" | "acknowledgeTime">) =>
    !endTime || !acknowledgeTime;

export function useAlarmName(): (alarm: Alarm) => string {
    const { t } = useTranslation("alarm");
    return ({ kind, deviceName }) => `${t(`kind.${kind}`)}, ${deviceName || t("noDevice")}`;
}

export function useAcknowledge(onDone?: () => void) {
    const { t } = useTranslation("alarm");
    const client = useQueryClient();
    const words = useErrorWords();
    return useMutation({
        mutationFn: (ids: readonly string[]) => acknowledgeAlarms({ ids: [...ids] }),
        onSuccess: ({ acknowledgedCount }) => {
            toast("ok", t("acknowledged", { count: acknowledgedCount }));
            onDone?.();
        },
        onError: (error) => toast("bad", words(error)),
        onSettled: () => refresh(client, listAlarms, getFleetHealth),
    });
}

export function useAlarmColumns(): readonly Column<Alarm>[] {
    const { t } = useTranslation("alarm");
    return [
        { key: "kind", title: t("column.kind"), lead: true, render: ({ kind }) => <AlarmPill kind={kind} /> },
        { key: "device", title: t("column.device"), render: (alarm) => <DeviceCell alarm={alarm} /> },
        { key: "detail", title: t("column.detail"), render: ({ detail }) => detail || <span className="meta">–</span> },
        { key: "raised", title: t("column.raised"), render: ({ raiseTime }) => <At instant={raiseTime} /> },
        { key: "ended", title: t("column.ended"), render: (alarm) => <Ended alarm={alarm} /> },
        { key: "acknowledged", title: t("column.acknowledged"), render: (alarm) => <Acknowledged alarm={alarm} /> },
        {
            key: "actions",
            title: t("actions"),
            quiet: true,
            align: "end",
            render: (alarm) => <AcknowledgeButton alarm={alarm} />,
        },
    ];
}

function AlarmPill({ kind }: { kind: AlarmKind }) {
    const { t } = useTranslation("alarm");
    return <Pill tone={TONES[kind]}>{t(`kind.${kind}`)}</Pill>;
}

function DeviceCell({ alarm: { deviceId, deviceName } }: { alarm: Alarm }) {
    const { t } = useTranslation("alarm");
    if (deviceId === "0") return <span className="meta">{t("noDevice")}</span>;
    return (
        <Link to="/devices/$id" params={{ id: deviceId }}>
            {deviceName}
        </Link>
    );
}

function At({ instant }: { instant: string | undefined }) {
    const times = useTimes();
    return instant ? <time dateTime={instant}>{times.dateTime(instant)}</time> : null;
}

function Ended({ alarm: { endTime } }: { alarm: Alarm }) {
    const { t } = useTranslation("alarm");
    return endTime ? <At instant={endTime} /> : <Pill tone="warn">{t("goesOn")}</Pill>;
}

function Acknowledged({ alarm: { acknowledgeTime, acknowledgedBy } }: { alarm: Alarm }) {
    const { t } = useTranslation("alarm");
    if (!acknowledgeTime) return <span className="meta">{t("nobody")}</span>;
    return (
        <div className="stack">
            <span>{acknowledgedBy}</span>
            <span className="meta">
                <At instant={acknowledgeTime} />
            </span>
        </div>
    );
}

function AcknowledgeButton({ alarm }: { alarm: Alarm }) {
    const { t } = useTranslation("alarm");
    const { mutate, isPending } = useAcknowledge();
    if (alarm.acknowledgeTime) return null;
    return (
        <GuardedButton
            size="small"
            call={acknowledgeAlarms}
            loading={isPending}
            aria-label={t("acknowledgeOne", {
                kind: t(`kind.${alarm.kind}`),
                device: alarm.deviceName || t("noDevice"),
            })}
            onClick={() => mutate([alarm.id])}
        >
            {t("acknowledge")}
        </GuardedButton>
    );
}
