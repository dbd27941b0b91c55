// Words for refusals, by their typed reason.

import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import { ApiError } from "#api/errors";

export function useErrorWords(): (error: unknown) => string {
    const { t, i18n } = useTranslation("ui");
    return useCallback(
        (error: unknown) => {
            if (!(error instanceof ApiError)) return t("error.unknown", { message: String(error) });
            for (const name of [error.reason, error.status]) {
                const key = `error.${name}`;
                if (name && i18n.exists(key, { ns: "ui" })) return t(key as "error.NETWORK");
            }
            return t("error.unknown", { message: error.violations[0]?.description || error.message });
        },
        [t, i18n],
    );
}
