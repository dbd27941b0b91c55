import "./console.css";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { getSummary } from "#api/gen/smartpass/v1/console_http";
import { listDevices } from "#api/gen/smartpass/v1/devices_http";
import { listPasses } from "#api/gen/smartpass/v1/pass_http";
import { query, refresh } from "#api/query";
import { ExpandIcon, MuteIcon, SoundIcon } from "#ui/icons";
import { Failure } from "#ui/Notice";
import { Page } from "#ui/Page";
import { useLiveEvents, useThrottled } from "#ui/useLive";
import { useTimes, useToday } from "#ui/useTimes";
import { AttentionPanel } from "./AttentionPanel";
import { alarmOn, setAlarm, soundAlarm } from "./alarm";
import { needsAttention } from "./attention";
import { Cards } from "./Cards";
import { HourPanel } from "./HourChart";
import { LiveWall } from "./LiveWall";

export function ConsolePage() {
    const { t } = useTranslation("console");
    const times = useTimes();
    const midnight = useToday();
    const sound = useAlarmSound();
    // The key holds the day, so that midnight brings new figures by itself.
    const summary = useQuery({
        ...query(getSummary, {}),
        queryKey: [getSummary.method.name, midnight],
    });
    useFreshFigures();

    return (
        <Page
            title={t("title")}
            subtitle={times.longDate(midnight)}
            actions={
                <>
                    <Button
                        icon={sound.on ? <SoundIcon /> : <MuteIcon />}
                        aria-pressed={sound.on}
                        aria-label={t(sound.on ? "soundOff" : "soundOn")}
                        onClick={sound.toggle}
                    >
                        {t("sound")}
                    </Button>
                    <Button icon={<ExpandIcon />} onClick={showWallOnly}>
                        {t("fullScreen")}
                    </Button>
                </>
            }
        >
            {summary.error && !summary.data ? (
                <Failure error={summary.error} onRetry={() => void summary.refetch()} />
            ) : (
                <Cards summary={summary.data} today={times.dateMinute(midnight).replace(" ", "T")} />
            )}
            <div className="console-columns">
                <div className="console-left">
                    <HourPanel summary={summary.data} />
                    <AttentionPanel from={midnight} />
                </div>
                <LiveWall />
            </div>
        </Page>
    );
}

const showWallOnly = () => void document.querySelector(".wall")?.requestFullscreen();

const REFRESH_MS = 2_000;

/** The tile is there at once; figures and lists follow it, at most every two seconds however many people pass. */
function useFreshFigures(): void {
    const client = useQueryClient();
    const figures = useThrottled(() => refresh(client, getSummary), REFRESH_MS);
    const passes = useThrottled(() => refresh(client, listPasses), REFRESH_MS);
    const devices = useThrottled(() => refresh(client, listDevices), REFRESH_MS);
    useLiveEvents((event) => {
        if (event.pass || event.device) figures();
        if (event.pass && needsAttention(event.pass)) passes();
        if (event.device) devices();
    });
}

function useAlarmSound() {
    const [on, setOn] = useState(alarmOn);
    useLiveEvents(({ pass }) => {
        if (on && pass?.state === "PASS_STATE_ABNORMAL_TEMPERATURE") soundAlarm();
    });
    const toggle = () => {
        setAlarm(!on);
        setOn(!on);
        if (!on) soundAlarm();
    };
    return { on, toggle };
}
