// Body temperatures, in hundredths of a degree Celsius as the terminals measure them.

export type TemperatureVerdict = "none" | "normal" | "high";

/**
 * Judges a measurement by the threshold that was in force when it was taken, never by today's. 0 stands for "not
 * measured" and for "no threshold".
 */
export function temperatureVerdict(centi: number, thresholdCenti: number): TemperatureVerdict {
    if (centi <= 0) return "none";
    return thresholdCenti > 0 && centi >= thresholdCenti ? "high" : "normal";
}

/**
 * "36.6": one digit, cut and not rounded, so that 37.29 under a threshold of 37.3 never reads as if it had reached it.
 */
export function celsius(centi: number): string {
    const tenths = Math.trunc(centi / 10);
    return `${Math.trunc(tenths / 10)}.${Math.abs(tenths % 10)}`;
}

export type TemperatureUnit = "C" | "F";

/** "99.1": the same temperature in degrees Fahrenheit, cut in the same way. */
export function fahrenheit(centi: number): string {
    const tenths = Math.trunc((centi * 9 + 16_000) / 50);
    return `${Math.trunc(tenths / 10)}.${Math.abs(tenths % 10)}`;
}

/** "36.6 °C", "97.8 °F". */
export const degrees = (centi: number, unit: TemperatureUnit) =>
    unit === "F" ? `${fahrenheit(centi)} °F` : `${celsius(centi)} °C`;
