// What a user agent string says to a reader: "Chrome on Windows". No more than a hint; anybody can send anything.

const BROWSERS: readonly (readonly [RegExp, string])[] = [
    [/\bEdg(e|A|iOS)?\//, "Edge"],
    [/\b(OPR|Opera)\//, "Opera"],
    [/\b(Firefox|FxiOS)\//, "Firefox"],
    [/\b(Chrome|Chromium|CriOS|HeadlessChrome)\//, "Chrome"],
    [/\bSafari\//, "Safari"],
    [/^smartpassctl\b/, "smartpassctl"],
    [/^curl\//, "curl"],
];

const SYSTEMS: readonly (readonly [RegExp, string])[] = [
    [/\bWindows\b/, "Windows"],
    [/\b(iPhone|iPad)\b/, "iOS"],
    [/\bAndroid\b/, "Android"],
    [/\bMac OS X\b/, "macOS"],
    [/\bLinux\b/, "Linux"],
];

export interface Agent {
    readonly browser: string;
    readonly system: string;
}

const first = (names: readonly (readonly [RegExp, string])[], text: string) =>
    names.find(([pattern]) => pattern.test(text))?.[1] ?? "";

export const agentOf = (userAgent: string): Agent => ({
    browser: first(BROWSERS, userAgent),
    system: first(SYSTEMS, userAgent),
});
