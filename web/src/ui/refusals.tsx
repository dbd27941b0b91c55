// Where a refused form says what is wrong: beside the field that the server names, and above the form for the rest.

import { Alert, type FormInstance } from "antd";
import { useTranslation } from "react-i18next";
import { ApiError } from "#api/errors";
import { useErrorWords } from "./useErrorWords";

/** From the proto path that the server names ("group.name") to the field of the form. */
export type RefusedFields = Readonly<Record<string, string>>;

interface Refusals {
    readonly fields: RefusedFields;
    /** The page's own words: those under `violation` for fields, those under `error` for everything else. */
    readonly words: string;
}

const isOfField = (error: unknown, fields: RefusedFields) =>
    error instanceof ApiError && error.violations.some(({ field }) => field in fields);

/** Words for a typed reason in the page's own list, or undefined. */
function useOwnWords(namespace: string): (list: "violation" | "error", reason: string) => string | undefined {
    const { i18n } = useTranslation();
    return (list, reason) =>
        reason !== "" && i18n.exists(`${list}.${reason}`, { ns: namespace as "ui" })
            ? i18n.t(`${list}.${reason}` as "error.NETWORK", { ns: namespace as "ui" })
            : undefined;
}

/** Writes what the server refused beside the fields that it refused. */
export function useFieldRefusals(form: FormInstance, { fields, words }: Refusals): (error: unknown) => void {
    const own = useOwnWords(words);
    return (error) => {
        if (!(error instanceof ApiError)) return;
        for (const { field, reason, description } of error.violations) {
            const name = fields[field];
            if (name) form.setFields([{ name, errors: [own("violation", reason) ?? description] }]);
        }
    };
}

/** Words for a refusal: the page's own for its typed reason, otherwise those that every page shares. */
export function useRefusalWords(namespace: string): (error: unknown) => string {
    const own = useOwnWords(namespace);
    const words = useErrorWords();
    return (error) => {
        if (!(error instanceof ApiError)) return words(error);
        const reasons = [error.reason, ...error.violations.map(({ reason }) => reason)];
        for (const reason of reasons) {
            const known = own("error", reason) ?? own("violation", reason);
            if (known) return known;
        }
        return words(error);
    };
}

/** A refusal that is of no field in particular. */
export function OtherRefusal({ error, fields, words }: Refusals & { error: unknown }) {
    const refusalWords = useRefusalWords(words);
    if (!error || isOfField(error, fields)) return null;
    return <Alert className="form-alert" type="error" title={refusalWords(error)} role="alert" />;
}
