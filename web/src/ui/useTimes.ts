// Times as every page shows them: in the enterprise's zone, in the reader's language.

import { useMemo, useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";
import { useSession } from "#api/session";
import * as time from "#lib/time";

/** The locale of dates and numbers in the reader's language; English dates put the day before the month. */
export function useLocale(): string {
    const { language } = useTranslation().i18n;
    return language === "en" ? "en-GB" : language;
}

export function useTimes() {
    const zone = useSession().timeZone || "UTC";
    const language = useLocale();
    return useMemo(
        () => ({
            zone,
            dateTime: (instant: string | number) => time.dateTime(instant, zone),
            dateMinute: (instant: string | number) => time.dateMinute(instant, zone),
            timeOfDay: (instant: string | number) => time.timeOfDay(instant, zone),
            longDate: (instant: string | number) => time.longDate(instant, zone, language),
            ago: (instant: string | number, now: number) => time.ago(instant, now, language),
            startOfDay: (instant: string | number) => time.startOfDay(instant, zone),
            zoneLabel: (instant: string | number) => time.zoneLabel(instant, zone),
            /** A wall time without seconds, as fields of dates give it. */
            instantOf: (wallMinute: string) => time.instantOfWall(`${wallMinute}:00`, zone),
        }),
        [zone, language],
    );
}

export type Times = ReturnType<typeof useTimes>;

const SECOND_MS = 1_000;

/** Milliseconds now, in steps of `stepMs`; renders again with each step. */
export function useNow(stepMs = SECOND_MS): number {
    return useSyncExternalStore(onSecond, () => Math.floor(Date.now() / stepMs) * stepMs);
}

/** Midnight of today in the enterprise's zone, as an instant; renders again when a new day begins. */
export function useToday(): string {
    const { zone } = useTimes();
    return useSyncExternalStore(onSecond, () => time.startOfDay(Date.now(), zone));
}

function onSecond(listener: () => void): () => void {
    const timer = window.setInterval(listener, SECOND_MS);
    return () => window.clearInterval(timer);
}
