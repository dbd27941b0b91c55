import { expect, it } from "vitest";
import { fieldsOf, isRelay, isThreshold, settingsOf } from "./settings";

const settings = {
    version: "3",
    reportedVersion: "2",
    temperatureDetection: true,
    alarmThresholdCenti: 3730,
    blockAbnormal: true,
    maskRequired: false,
    strangerMode: false,
    strangerRecord: true,
    relaySeconds: 5,
};

it("shows degrees and sends hundredths, without loss", () => {
    expect(fieldsOf(settings).threshold).toBe(37.3);
    for (let centi = 3000; centi <= 4500; centi += 10)
        expect(settingsOf(fieldsOf({ ...settings, alarmThresholdCenti: centi }), "3").alarmThresholdCenti).toBe(centi);
});

it("takes a threshold with at most one decimal", () => {
    expect([30, 37.3, 45].map(isThreshold)).toEqual([true, true, true]);
    expect([29.9, 45.1, 37.25, null, "37.3"].map(isThreshold)).toEqual([false, false, false, false, false]);
});

it("takes whole seconds for the gate", () => {
    expect([1, 63, 0, 64, 2.5].map(isRelay)).toEqual([true, true, false, false, false]);
});
