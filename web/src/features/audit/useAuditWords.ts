// Names that the log keeps in English, in the reader's language as far as the console knows them.

import { useTranslation } from "react-i18next";

export function useAuditWords() {
    const { t, i18n } = useTranslation("audit");
    const known = (key: string, otherwise: string) =>
        i18n.exists(key, { ns: "audit" }) ? t(key as "verb.sign in") : otherwise;
    return {
        verb: (action: string) =>
            known(
                `verb.${action}`,
                action.replace(/^./, (first) => first.toUpperCase()),
            ),
        module: (module: string) => known(`moduleName.${module}`, module),
        reason: (reason: string) => known(`reason.${reason}`, reason),
    };
}
