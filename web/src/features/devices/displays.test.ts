import { describe, expect, it } from "vitest";
import type { Display } from "#api/gen/smartpass/v1/displays_http";
import { base64Of, pictureFault, pictureOf, SECONDS, unseenOf, valuesOf } from "./displays";

describe("a picture", () => {
    it("is of a kind and a size that the server takes", () => {
        expect(pictureFault({ type: "image/jpeg", size: 512_000 })).toBeUndefined();
        expect(pictureFault({ type: "image/png", size: 1 })).toBeUndefined();
        expect(pictureFault({ type: "image/gif", size: 1 })).toBe("NOT_AN_IMAGE");
        expect(pictureFault({ type: "image/png", size: 512_001 })).toBe("FIELD_TOO_LONG");
    });

    it("has another address when it is another", () => {
        const shown = { id: "7", pictureVersion: "8", strangers: true } as Display;
        expect(pictureOf(shown)).toBe("/v1/displays/7/picture?pictureVersion=8");
    });

    it("travels as Base64, however large it is", async () => {
        expect(await base64Of(new Blob(["hello"]))).toBe("aGVsbG8=");
        const large = Uint8Array.from({ length: 100_000 }, (_, i) => i % 256);
        const back = atob(await base64Of(new Blob([large])));
        expect(Uint8Array.from(back, (one) => one.charCodeAt(0))).toEqual(large);
    });
});

describe("the form", () => {
    const display = { strangers: true, personIds: ["7"], seconds: 9, people: [], peopleCount: 2 } as unknown as Display;

    it("begins with what is usual, or with what there is", () => {
        expect(valuesOf(undefined)).toEqual({ personIds: [], strangers: false, seconds: SECONDS.usual });
        expect(valuesOf(display)).toEqual({ personIds: ["7"], strangers: true, seconds: 9 });
    });

    it("knows how many people its reader does not see", () => {
        expect(unseenOf(display)).toBe(2);
    });
});
