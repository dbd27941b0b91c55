import { describe, expect, it } from "vitest";
import { celsius, degrees, fahrenheit, temperatureVerdict } from "./temperature";

describe("temperature", () => {
    it("is high when it reaches the record's own threshold", () => {
        expect(temperatureVerdict(3730, 3730)).toBe("high");
        expect(temperatureVerdict(3729, 3730)).toBe("normal");
        expect(temperatureVerdict(3760, 3800)).toBe("normal");
    });

    it("is never high without a threshold", () => {
        expect(temperatureVerdict(4100, 0)).toBe("normal");
    });

    it("is nothing when it was not measured", () => {
        expect(temperatureVerdict(0, 3730)).toBe("none");
    });

    it("never rounds up to a threshold that was not reached", () => {
        expect(celsius(3729)).toBe("37.2");
        expect(celsius(3730)).toBe("37.3");
        expect(celsius(4000)).toBe("40.0");
    });

    it("reads the same in degrees Fahrenheit, cut as well", () => {
        expect(fahrenheit(3730)).toBe("99.1");
        expect(fahrenheit(3700)).toBe("98.6");
        expect(fahrenheit(4000)).toBe("104.0");
        expect(degrees(3660, "C")).toBe("36.6 °C");
        expect(degrees(3660, "F")).toBe("97.8 °F");
    });
});
