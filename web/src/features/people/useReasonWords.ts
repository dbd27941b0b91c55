import { useTranslation } from "react-i18next";
import { ApiError } from "#api/errors";
import { useErrorWords } from "#ui/useErrorWords";

/** Words for a typed reason; `fallback` for one that the console does not know. Reasons of imports have words only there. */
export function useReasonWords(): (reason: string, fallback: string) => string {
    const { t, i18n } = useTranslation("people");
    return (reason, fallback) => {
        if (reason && i18n.exists(`violation.${reason}`, { ns: "people" }))
            return t(`violation.${reason as "NO_FACE"}`);
        if (reason && i18n.exists(`reason.${reason}`, { ns: "import" }))
            return i18n.t(`reason.${reason as "FILE_EMPTY"}`, { ns: "import" });
        return fallback;
    };
}

/** Words for a refusal, by the first reason that the pages of people know. */
export function useRefusalWords(): (refusal: unknown) => string {
    const reasonWords = useReasonWords();
    const words = useErrorWords();
    return (refusal) => {
        if (!(refusal instanceof ApiError)) return words(refusal);
        const [violation] = refusal.violations;
        if (violation) return reasonWords(violation.reason, violation.description || words(refusal));
        return reasonWords(refusal.reason, words(refusal));
    };
}
