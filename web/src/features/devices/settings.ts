// The settings as a form shows them: degrees, not hundredths of one.

import type { DeviceSettings } from "#api/gen/smartpass/v1/devices_http";

export interface SettingsFields {
    temperatureDetection: boolean;
    threshold: number;
    blockAbnormal: boolean;
    maskRequired: boolean;
    strangerMode: boolean;
    strangerRecord: boolean;
    relaySeconds: number;
}

export const THRESHOLD = { least: 30, most: 45, step: 0.1 };
export const RELAY = { least: 1, most: 63 };

export const fieldsOf = (settings: DeviceSettings): SettingsFields => ({
    temperatureDetection: settings.temperatureDetection,
    threshold: settings.alarmThresholdCenti / 100,
    blockAbnormal: settings.blockAbnormal,
    maskRequired: settings.maskRequired,
    strangerMode: settings.strangerMode,
    strangerRecord: settings.strangerRecord,
    relaySeconds: settings.relaySeconds,
});

/** `version` is the one that the form was opened with. */
export const settingsOf = ({ threshold, ...fields }: SettingsFields, version: string) => ({
    ...fields,
    version,
    alarmThresholdCenti: Math.round(threshold * 10) * 10,
});

export function isThreshold(value: unknown): boolean {
    if (typeof value !== "number" || value < THRESHOLD.least || value > THRESHOLD.most) return false;
    return Math.abs(value * 10 - Math.round(value * 10)) < 1e-6;
}

export const isRelay = (value: unknown) =>
    typeof value === "number" && Number.isInteger(value) && value >= RELAY.least && value <= RELAY.most;
