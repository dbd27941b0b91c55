// Pass display: pictures that a terminal shows for people, as the console handles them.

import { type Display, type DisplayState, downloadDisplayPicture } from "#api/gen/smartpass/v1/displays_http";
import type { Tone } from "#ui/Pill";

export const MOST_DISPLAYS = 16;
export const MOST_PEOPLE = 1_000;
export const SECONDS = { least: 1, usual: 5, most: 60 } as const;
const MOST_BYTES = 512_000;

export const toneOf: Readonly<Record<DisplayState, Tone>> = {
    DISPLAY_STATE_UNSPECIFIED: "idle",
    DISPLAY_STATE_WAITING: "warn",
    DISPLAY_STATE_ON_DEVICE: "ok",
    DISPLAY_STATE_REFUSED: "bad",
};

/** Another address with each picture: browsers keep what they have seen. */
export const pictureOf = ({ id, pictureVersion }: Pick<Display, "id" | "pictureVersion">) =>
    downloadDisplayPicture({ id, pictureVersion });

/** How many of its people the reader does not see. */
export const unseenOf = ({ peopleCount, people }: Pick<Display, "peopleCount" | "people">) =>
    peopleCount - people.length;

/** What can be said about a picture before it is sent. The server looks at everything again. */
export function pictureFault(file: { readonly size: number; readonly type: string }): string | undefined {
    if (file.type !== "image/jpeg" && file.type !== "image/png") return "NOT_AN_IMAGE";
    return file.size > MOST_BYTES ? "FIELD_TOO_LONG" : undefined;
}

const PIECE = 0x8000;

/** The API takes bytes as Base64. */
export async function base64Of(file: Blob): Promise<string> {
    const bytes = new Uint8Array(await file.arrayBuffer());
    let text = "";
    for (let at = 0; at < bytes.length; at += PIECE) text += String.fromCharCode(...bytes.subarray(at, at + PIECE));
    return btoa(text);
}

export interface DisplayValues {
    /** undefined: the present one stays. */
    picture?: File;
    personIds: string[];
    strangers: boolean;
    seconds: number;
}

/** What the form shows at first; undefined: of a new one. */
export const valuesOf = (display: Display | undefined): DisplayValues => ({
    personIds: [...(display?.personIds ?? [])],
    strangers: display?.strangers ?? false,
    seconds: display?.seconds ?? SECONDS.usual,
});
