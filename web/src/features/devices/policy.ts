// The limits of a policy's figures, as devices.proto states them in words.

import type { DevicePolicy } from "#api/gen/smartpass/v1/devices_http";

export interface Threshold {
    readonly name: Exclude<keyof DevicePolicy, "approval">;
    readonly word: "offline" | "clock" | "backlog" | "certificate";
    readonly unit: "seconds" | "records" | "days";
    readonly least: number;
    readonly most: number;
}

export const THRESHOLDS: readonly Threshold[] = [
    { name: "offlineAlarmSeconds", word: "offline", unit: "seconds", least: 60, most: 86_400 },
    { name: "clockAlarmSeconds", word: "clock", unit: "seconds", least: 5, most: 3_600 },
    { name: "backlogAlarmRecords", word: "backlog", unit: "records", least: 1, most: 1_000_000 },
    { name: "certificateAlarmDays", word: "certificate", unit: "days", least: 1, most: 60 },
];
