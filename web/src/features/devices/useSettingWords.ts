// Words for settings, their values and what is wrong with them.

import { useTranslation } from "react-i18next";
import {
    clockOf,
    type NumberRule,
    numberText,
    type Problem,
    ruleOf,
    type SettingName,
    scaleOf,
    type Value,
} from "./settings";

export function useSettingWords() {
    const { t, i18n } = useTranslation("settings");
    const known = (key: string) => (i18n.exists(key, { ns: "settings" }) ? t(key as "setting.silent.hint") : undefined);

    const choice = (value: string) => known(`choice.${value}`) ?? value;
    const number = (name: SettingName, rule: NumberRule, value: number) => {
        if (name === "restartMinute") return clockOf(value);
        const sign = rule.min < 0 && value > 0 ? "+" : "";
        return `${sign}${numberText(rule, value)} ${scaleOf(rule).unit}`.trim();
    };

    /** "37.3 °C", "On", "Indoors". */
    const value = (name: SettingName, of: Value | null | undefined): string => {
        const rule = ruleOf(name);
        if (name === "password") return "••••••";
        if (rule.kind === "switch") return of === true ? t("on") : t("off");
        if (rule.kind === "choice") return choice(String(of));
        return rule.kind === "number" && typeof of === "number" ? number(name, rule, of) : String(of ?? "");
    };

    /** "30.0 to 45.0 °C. Factory value 37.3 °C." */
    const range = (name: SettingName): string => {
        const rule = ruleOf(name);
        if (rule.kind === "switch" || (rule.kind === "text" && rule.factory === "")) return "";
        const factory = t("factory", { value: value(name, rule.factory) });
        if (rule.kind !== "number" || name === "restartMinute") return factory;
        return `${t("range", limits(rule)).trim()} · ${factory}`;
    };

    const problem = (name: SettingName, of: Problem): string => {
        const rule = ruleOf(name);
        if (of !== "RANGE" || rule.kind !== "number") return t(`problem.${of}`);
        return name === "restartMinute" ? t("problem.TIME") : t("problem.RANGE", limits(rule));
    };

    return {
        label: (name: SettingName) => t(`setting.${name}.label`),
        hint: (name: SettingName) => known(`setting.${name}.hint`) ?? "",
        choice,
        value,
        range,
        problem,
        refusal: (reason: string) => known(`refusal.${reason}`) ?? reason,
    };
}

function limits(rule: NumberRule) {
    const { unit, per } = scaleOf(rule);
    return { min: numberText(rule, rule.min), max: numberText(rule, rule.max), unit, step: rule.step / per };
}
