// Rules of a form's text that can be checked before the server does.

import type { FormRule } from "antd";

export const requiredText = (message: string): FormRule => ({ required: true, whitespace: true, message });

/** The API counts bytes, and a Chinese character is three of them. */
export const fittingText = (maxBytes: number, message: string): FormRule => ({
    validator: (_: unknown, value: string | undefined) =>
        new TextEncoder().encode(value ?? "").length <= maxBytes
            ? Promise.resolve()
            : Promise.reject(new Error(message)),
});
