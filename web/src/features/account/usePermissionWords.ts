import { useTranslation } from "react-i18next";

/** "edit people" for "employees.edit"; the name itself for one that the console has no words for. */
export function usePermissionWords(): (permission: string) => string {
    const { t, i18n } = useTranslation("ui");
    return (permission) => {
        const key = `permission.${permission.replace(".", "-")}`;
        return i18n.exists(key, { ns: "ui" }) ? t(key as "permission.employees-edit") : permission;
    };
}
