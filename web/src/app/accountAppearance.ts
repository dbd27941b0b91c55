// Language and colours follow the account: what it prefers is put on when somebody signs in, whatever the browser had.

import { useEffect, useRef } from "react";
import { useChangePreferences, usePreferences } from "#ui/usePreferences";
import { type Appearance, appearance, forgetAppearance, setAppearance } from "./appearance";
import { changeLanguage } from "./i18n";

/** For the shell. What the account leaves open stays as it is, until somebody takes a choice back. */
export function useAccountAppearance(): void {
    const { language, theme } = usePreferences();
    const before = useRef({ language, theme });

    useEffect(() => {
        const was = before.current;
        before.current = { language, theme };
        if (language === "en" || language === "zh") setAppearance({ language });
        else if (was.language !== "") forgetAppearance("language");
        if (theme === "light" || theme === "dark") setAppearance({ scheme: theme });
        else if (was.theme !== "") forgetAppearance("scheme");
        changeLanguage(appearance().language);
    }, [language, theme]);
}

/** Makes a choice of the header's switches the account's. */
export function useKeepAppearance(): (change: Partial<Appearance>) => void {
    const changePreferences = useChangePreferences();
    return ({ language, scheme }) =>
        changePreferences((kept) => ({
            ...kept,
            ...(language && { language }),
            ...(scheme && { theme: scheme }),
        }));
}
