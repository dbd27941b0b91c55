import { useTranslation } from "react-i18next";
import { inOrder } from "./matrix";

/** Words for modules and operations; what this console has no word for is called as the server calls it. */
export function useRightWords() {
    const { t, i18n } = useTranslation("roles");
    const word = (list: "module" | "operation", name: string) =>
        i18n.exists(`${list}.${name}`, { ns: "roles" }) ? t(`${list}.${name}` as "module.audit") : name;
    const module = (name: string) => word("module", name);
    const operation = (name: string) => word("operation", name);

    /** "Devices (see, edit) · People (see)". */
    const summary = (permissions: readonly string[]) => {
        const operations = new Map<string, string[]>();
        for (const permission of permissions) {
            const [of = "", what = ""] = permission.split(".");
            operations.set(of, [...(operations.get(of) ?? []), what]);
        }
        const list = (what: readonly string[]) =>
            inOrder(what)
                .map((one) => operation(one).toLowerCase())
                .join(t("comma"));
        return [...operations].map(([of, what]) => `${module(of)} (${list(what)})`).join(" · ");
    };
    return { module, operation, summary };
}
