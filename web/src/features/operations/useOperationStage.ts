import { useTranslation } from "react-i18next";
import type { Operation } from "#api/gen/smartpass/v1/operations_http";

/** What an operation does at the moment, in the reader's language as far as the console knows its stages. */
export function useOperationStage(): (operation: Pick<Operation, "stage">) => string {
    const { t, i18n } = useTranslation("operations");
    return ({ stage }) => {
        const key = `stages.${stage}`;
        return i18n.exists(key, { ns: "operations" }) ? t(key as "stages.erasing people") : stage;
    };
}
