import { useTranslation } from "react-i18next";
import { type Count, enumerate } from "./content";

/** "3 devices and 12 employees" in the reader's language. */
export function useContentWords(): (counts: readonly Count[]) => string {
    const { t } = useTranslation("groups");
    return (counts) =>
        enumerate(
            counts.map(({ what, count }) => t(`count.${what}`, { count })),
            t("comma"),
            t("and"),
        );
}
