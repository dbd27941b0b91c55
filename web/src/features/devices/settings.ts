// Settings as a form shows them. What a setting is, its range and its factory value come from the contract.

import { type DeviceSettings, deviceSettingsRules } from "#api/gen/smartpass/v1/devices_http";

export type SettingName = keyof typeof deviceSettingsRules;
export type Value = boolean | number | string;

export interface SwitchRule {
    readonly kind: "switch";
    readonly factory: boolean;
}

export interface NumberRule {
    readonly kind: "number";
    readonly min: number;
    readonly max: number;
    readonly step: number;
    readonly factory: number;
    /** What the number counts, e.g. "s", "0.01 °C". */
    readonly unit: string;
}

export interface ChoiceRule {
    readonly kind: "choice";
    readonly values: readonly string[];
    readonly factory: string;
}

export interface TextRule {
    readonly kind: "text";
    readonly form: "" | "pin" | "url" | "resolution";
    readonly maxBytes: number;
    readonly factory: string;
}

export type Rule = SwitchRule | NumberRule | ChoiceRule | TextRule;

const rules: Readonly<Record<SettingName, Rule>> = deviceSettingsRules;

export const ruleOf = (name: SettingName): Rule => rules[name];

/** The contract writes names with underscores: "camera_resolution". undefined: none that this console knows. */
export function nameOf(contractName: string): SettingName | undefined {
    const name = contractName.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
    return name in rules ? (name as SettingName) : undefined;
}

/** What somebody entered; null: a field that was emptied. */
export type Draft = { readonly [N in SettingName]?: Value | null };

// ---- Numbers

/** How a number reads: "0.01 °C" counts hundredths, which are shown as degrees. */
export interface Scale {
    /** Of the contract's numbers in one of those that are shown. */
    readonly per: number;
    readonly unit: string;
    readonly decimals: number;
}

export function scaleOf(rule: NumberRule): Scale {
    const [, part, unit] = rule.unit.match(/^0\.(0*1) (.*)$/) ?? [];
    const per = part === undefined ? 1 : 10 ** part.length;
    let decimals = 0;
    while ((rule.step * 10 ** decimals) % per !== 0) decimals++;
    return { per, unit: unit ?? rule.unit, decimals };
}

export const shownNumber = (rule: NumberRule, value: number) => value / scaleOf(rule).per;

/** The contract's number; a shown one between two steps becomes one that no rule allows, and is refused as such. */
export const numberOf = (rule: NumberRule, shown: number) => Math.round(shown * scaleOf(rule).per * 1e4) / 1e4;

/** "37.3": what a number reads like, without its unit. */
export const numberText = (rule: NumberRule, value: number) => shownNumber(rule, value).toFixed(scaleOf(rule).decimals);

/** 180 is "03:00". */
export const clockOf = (minutes: number) =>
    `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;

export function minutesOf(clock: string): number | null {
    const [, hours, minutes] = clock.match(/^([01]\d|2[0-3]):([0-5]\d)$/) ?? [];
    return hours === undefined ? null : Number(hours) * 60 + Number(minutes);
}

// ---- What is wrong with a value

export type Problem = "RANGE" | "TOO_LONG" | "PIN" | "PIN_INITIAL" | "URL" | "RESOLUTION" | "LINE" | "EMPTY";

export const INITIAL_PIN = "123456";

/** undefined: nothing. The server looks again. */
export function problemOf(name: SettingName, value: Value | null): Problem | undefined {
    const rule = rules[name];
    if (rule.kind === "number") return isInRange(rule, value) ? undefined : "RANGE";
    if (rule.kind !== "text") return undefined;
    const text = typeof value === "string" ? value : "";
    if (name === "deviceName" && text.trim() === "") return "EMPTY";
    return textProblem(rule, text);
}

const isInRange = ({ min, max, step }: NumberRule, value: Value | null) =>
    typeof value === "number" && value >= min && value <= max && (value - min) % step === 0;

function textProblem({ form, maxBytes }: TextRule, text: string): Problem | undefined {
    if (form === "pin") return pinProblem(text);
    if (new TextEncoder().encode(text).length > maxBytes) return "TOO_LONG";
    if (form === "url")
        return text === "" || /^https?:\/\/[^\s/"<>\\^`{|}][^\s"<>\\^`{|}]*$/.test(text) ? undefined : "URL";
    if (form === "resolution") return /^[1-9]\d{0,3}x[1-9]\d{0,3}$/.test(text) ? undefined : "RESOLUTION";
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    return /[\u0000-\u001f\u007f]|^ | $/.test(text) ? "LINE" : undefined;
}

function pinProblem(pin: string): Problem | undefined {
    if (!/^\d{1,6}$/.test(pin)) return "PIN";
    return pin === INITIAL_PIN ? "PIN_INITIAL" : undefined;
}

// ---- What a terminal had better not be set to

export type Danger =
    | "relayMode"
    | "strangerMode"
    | "strangerRecord"
    | "liveness"
    | "photoKept"
    | "temperatureKept"
    | "autoStart";

const DANGERS: Readonly<Record<Danger, Value>> = {
    relayMode: "RELAY_MODE_STAYS_OPEN",
    strangerMode: true,
    strangerRecord: false,
    liveness: false,
    photoKept: false,
    temperatureKept: false,
    autoStart: false,
};

/** What to warn of at this value; undefined: nothing. */
export const dangerOf = (name: SettingName, value: Value | null | undefined): Danger | undefined =>
    name in DANGERS && DANGERS[name as Danger] === value ? (name as Danger) : undefined;

// ---- What is sent

export interface Shown {
    readonly settings: DeviceSettings;
    /** Settings in which the terminals differ. */
    readonly mixed: ReadonlySet<SettingName>;
}

export const shownOf = (view: { readonly settings?: DeviceSettings; readonly mixed: readonly string[] }): Shown => ({
    settings: view.settings as DeviceSettings,
    mixed: new Set(view.mixed.flatMap((name) => nameOf(name) ?? [])),
});

/** The value that the field shows; undefined: the terminals differ, and nobody has chosen one. */
export function fieldValue({ settings, mixed }: Shown, draft: Draft, name: SettingName): Value | null | undefined {
    const entered = draft[name];
    if (entered !== undefined) return entered;
    return mixed.has(name) ? undefined : settings[name];
}

/** What was really changed: a value that is as it was before is not sent. */
export function changesOf(shown: Shown, draft: Draft): readonly SettingName[] {
    return (Object.keys(draft) as SettingName[]).filter((name) => {
        const value = draft[name];
        if (value === undefined || (name === "password" && value === "")) return false;
        return shown.mixed.has(name) || value !== shown.settings[name];
    });
}

export function problemsOf(shown: Shown, draft: Draft): ReadonlyMap<SettingName, Problem> {
    const found = new Map<SettingName, Problem>();
    for (const name of changesOf(shown, draft)) {
        const problem = problemOf(name, draft[name] ?? null);
        if (problem) found.set(name, problem);
    }
    return found;
}

/** What the API wants: the changed settings, and a mask that names them. */
export function updateOf(shown: Shown, draft: Draft): { settings: Partial<DeviceSettings>; updateMask: string } {
    const names = changesOf(shown, draft);
    return {
        settings: Object.fromEntries(names.map((name) => [name, draft[name]])),
        updateMask: names.join(","),
    };
}

/** The manual's value for the compensation that its web page enters; the factory's is none. */
export const USUAL_COMPENSATION = 3;
