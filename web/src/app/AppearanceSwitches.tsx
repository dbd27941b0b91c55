import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { MoonIcon, SunIcon } from "#ui/icons";
import { type Appearance, setAppearance, useAppearance } from "./appearance";
import { changeLanguage } from "./i18n";

/** The language is named in itself, so that whoever needs it can read it. */
export function AppearanceSwitches({ onChange }: { onChange?: (change: Partial<Appearance>) => void }) {
    const { t } = useTranslation();
    const { language, scheme } = useAppearance();
    const otherLanguage = language === "en" ? "zh" : "en";
    const otherScheme = scheme === "light" ? "dark" : "light";

    const change = (next: Partial<Appearance>) => {
        setAppearance(next);
        if (next.language) changeLanguage(next.language);
        onChange?.(next);
    };
    return (
        <div className="switches">
            <Button onClick={() => change({ language: otherLanguage })} lang={otherLanguage === "zh" ? "zh-CN" : "en"}>
                {t("otherLanguage")}
            </Button>
            <Button
                onClick={() => change({ scheme: otherScheme })}
                aria-label={t(otherScheme === "dark" ? "toDark" : "toLight")}
                icon={otherScheme === "dark" ? <MoonIcon /> : <SunIcon />}
            >
                <span className="switch-word">{t(otherScheme)}</span>
            </Button>
        </div>
    );
}
