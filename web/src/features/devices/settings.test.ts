import { describe, expect, it } from "vitest";
import { type DeviceSettings, deviceSettingsRules } from "#api/gen/smartpass/v1/devices_http";
import { PARTS, settingsOfPart } from "./settingParts";
import {
    changesOf,
    clockOf,
    dangerOf,
    fieldValue,
    minutesOf,
    type NumberRule,
    nameOf,
    numberOf,
    numberText,
    problemOf,
    problemsOf,
    ruleOf,
    type SettingName,
    scaleOf,
    shownNumber,
    shownOf,
    updateOf,
} from "./settings";

const names = Object.keys(deviceSettingsRules) as SettingName[];
const factory = Object.fromEntries(names.map((name) => [name, ruleOf(name).factory])) as unknown as DeviceSettings;
const same = shownOf({ settings: factory, mixed: [] });
const threshold = ruleOf("alarmThresholdCenti") as NumberRule;
const compensation = ruleOf("compensationTenths") as NumberRule;

describe("the form", () => {
    it("has every setting of the contract once", () => {
        expect([...Object.values(PARTS).flat()].sort()).toEqual([...names].sort());
    });

    it("offers a name for one terminal alone", () => {
        expect(settingsOfPart("names", 1)).toContain("deviceName");
        expect(settingsOfPart("names", 2)).toEqual(["companyName"]);
    });

    it("finds settings by the contract's names, and none by another", () => {
        expect(nameOf("alarm_threshold_centi")).toBe("alarmThresholdCenti");
        expect(nameOf("of_tomorrow")).toBeUndefined();
    });
});

describe("numbers", () => {
    it("are shown in whole units with as many decimals as their steps need", () => {
        expect(scaleOf(threshold)).toEqual({ per: 100, unit: "°C", decimals: 1 });
        expect(scaleOf(compensation)).toEqual({ per: 10, unit: "°C", decimals: 1 });
        expect(scaleOf(ruleOf("relaySeconds") as NumberRule)).toEqual({ per: 1, unit: "s", decimals: 0 });
        expect(numberText(threshold, 3730)).toBe("37.3");
    });

    it("come back as they were, all of them", () => {
        for (const name of names) {
            const rule = ruleOf(name);
            if (rule.kind !== "number") continue;
            for (let value = rule.min; value <= rule.max; value += rule.step)
                expect(numberOf(rule, shownNumber(rule, value))).toBe(value);
        }
    });

    it("keep within their range and its steps", () => {
        const degrees = (shown: number) => problemOf("alarmThresholdCenti", numberOf(threshold, shown));
        expect([30, 37.3, 45].map(degrees)).toEqual([undefined, undefined, undefined]);
        expect([29.9, 45.1, 37.25].map(degrees)).toEqual(["RANGE", "RANGE", "RANGE"]);
        expect(problemOf("compensationTenths", numberOf(compensation, -1))).toBeUndefined();
        expect(problemOf("compensationTenths", numberOf(compensation, 1.1))).toBe("RANGE");
        expect(problemOf("relaySeconds", null)).toBe("RANGE");
    });

    it("of minutes are a time of day", () => {
        expect(clockOf(180)).toBe("03:00");
        expect(clockOf(1439)).toBe("23:59");
        expect(["03:00", "23:59", "24:00", "3:00", ""].map(minutesOf)).toEqual([180, 1439, null, null, null]);
    });
});

describe("texts", () => {
    it("that are a password are one to six digits, and not the initial ones", () => {
        const pins = ["1", "654321", "", "1234567", "12a4", "123456"];
        expect(pins.map((pin) => problemOf("password", pin))).toEqual([
            undefined,
            undefined,
            "PIN",
            "PIN",
            "PIN",
            "PIN_INITIAL",
        ]);
    });

    it("that are an address begin with http, or are empty", () => {
        expect(["", "https://a.example/x?y=1"].map((url) => problemOf("callbackUrl", url))).toEqual([
            undefined,
            undefined,
        ]);
        expect(["ftp://a", "http://", "http:///x", "http://a b"].map((url) => problemOf("callbackUrl", url))).toEqual(
            Array(4).fill("URL"),
        );
        expect(problemOf("callbackUrl", `http://${"a".repeat(256)}`)).toBe("TOO_LONG");
    });

    it("that are a resolution have a width and a height", () => {
        expect(["1280x720", "1280", "0x5", "1280x0"].map((text) => problemOf("cameraResolution", text))).toEqual([
            undefined,
            "RESOLUTION",
            "RESOLUTION",
            "RESOLUTION",
        ]);
    });

    it("count in bytes, and a terminal has a name", () => {
        expect(problemOf("companyName", "门".repeat(32))).toBeUndefined();
        expect(problemOf("companyName", "门".repeat(33))).toBe("TOO_LONG");
        expect(problemOf("companyName", "a\nb")).toBe("LINE");
        expect(problemOf("deviceName", " ")).toBe("EMPTY");
    });
});

describe("what is sent", () => {
    it("is nothing for a form that was opened alone", () => {
        expect(changesOf(same, {})).toEqual([]);
        expect(updateOf(same, {})).toEqual({ settings: {}, updateMask: "" });
    });

    it("is what was touched, and not what is again as it was", () => {
        const draft = { volume: 35, silent: factory.silent, relayMode: "RELAY_MODE_ACTIVE_HIGH" };
        expect(updateOf(same, draft)).toEqual({
            settings: { volume: 35, relayMode: "RELAY_MODE_ACTIVE_HIGH" },
            updateMask: "volume,relayMode",
        });
    });

    it("is a mixed setting that was chosen, even if it is the factory's", () => {
        const mixed = shownOf({ settings: factory, mixed: ["volume", "camera_resolution", "of_tomorrow"] });
        expect(fieldValue(mixed, {}, "volume")).toBeUndefined();
        expect(fieldValue(mixed, {}, "silent")).toBe(false);
        expect(updateOf(mixed, { volume: 20 })).toEqual({ settings: { volume: 20 }, updateMask: "volume" });
    });

    it("is no password that nobody typed", () => {
        expect(changesOf(same, { password: "" })).toEqual([]);
        expect(changesOf(same, { password: "12" })).toEqual(["password"]);
    });

    it("waits while something is wrong with it", () => {
        expect([...problemsOf(same, { volume: 101, relaySeconds: null, brightness: 5 })]).toEqual([
            ["volume", "RANGE"],
            ["relaySeconds", "RANGE"],
        ]);
    });
});

it("warns of what makes a terminal unsafe, and of nothing else", () => {
    expect(dangerOf("relayMode", "RELAY_MODE_STAYS_OPEN")).toBe("relayMode");
    expect(dangerOf("strangerMode", true)).toBe("strangerMode");
    expect(dangerOf("liveness", false)).toBe("liveness");
    expect(dangerOf("liveness", undefined)).toBeUndefined();
    expect(dangerOf("silent", true)).toBeUndefined();
});
