import { useTranslation } from "react-i18next";
import type { Operation } from "#api/gen/smartpass/v1/operations_http";

/** What an operation does, in the reader's language as far as the console knows its kind. */
export function useOperationName(): (operation: Pick<Operation, "kind" | "object">) => string {
    const { t, i18n } = useTranslation("operations");
    return ({ kind: verb, object }) => {
        const key = `kind.${verb}`;
        const kind = i18n.exists(key, { ns: "operations" }) ? t(key as "kind.delete enterprise") : verb;
        return object ? t("named", { kind, object }) : kind;
    };
}
