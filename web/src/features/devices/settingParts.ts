// The parts of the settings form, in the contract's order.

import type { SettingName } from "./settings";

export const PARTS = {
    temperature: [
        "temperatureDetection",
        "alarmThresholdCenti",
        "alarmSound",
        "blockAbnormal",
        "compensationAutomatic",
        "compensationTenths",
        "temperatureScenario",
        "temperatureMode",
        "temperatureUnit",
        "fan",
        "maskRequired",
    ],
    strangers: ["strangerMode", "strangerRecord"],
    door: ["relayMode", "relaySeconds"],
    recognition: ["testThreshold", "recognitionAttempts", "liveness"],
    sound: ["volume", "silent"],
    start: ["autoStart", "daemon", "daemonSeconds", "threadGuard", "restartDaily", "restartMinute"],
    screen: [
        "bottomBar",
        "successEffect",
        "failureEffect",
        "fillLight",
        "screenSaver",
        "screenSaverSeconds",
        "brightness",
        "cameraResolution",
        "passDisplay",
    ],
    privacy: ["temperatureDisplay", "nameDisplay", "temperatureKept", "photoKept"],
    callback: ["callback", "callbackUrl"],
    names: ["deviceName", "companyName"],
    password: ["password"],
} as const satisfies Readonly<Record<string, readonly SettingName[]>>;

export type PartName = keyof typeof PARTS;

export const partNames = Object.keys(PARTS) as PartName[];

/** Forms of their own in the menus, beside the whole one. */
export const OWN_FORMS = [
    "temperature",
    "sound",
    "start",
    "callback",
    "privacy",
] as const satisfies readonly PartName[];

/** A name belongs to one terminal. */
const ONE_ONLY: ReadonlySet<SettingName> = new Set(["deviceName"]);

export const settingsOfPart = (part: PartName, deviceCount: number): readonly SettingName[] =>
    PARTS[part].filter((name) => deviceCount === 1 || !ONE_ONLY.has(name));
