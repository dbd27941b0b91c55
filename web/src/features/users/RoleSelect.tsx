import { useQuery } from "@tanstack/react-query";
import { Select } from "antd";
import { useTranslation } from "react-i18next";
import { listRoles, type Role } from "#api/gen/smartpass/v1/users_http";
import { query } from "#api/query";

interface RoleSelectProps {
    /** As antd's Form.Item hands it down. */
    id?: string;
    /** "" and "0": none. */
    value?: string;
    onChange?: (id: string) => void;
    /** Why a role cannot be chosen; it stays in the list and says so. */
    blocked?: (role: Role) => string | undefined;
    allowClear?: boolean;
    className?: string;
    placeholder?: string;
    "aria-label"?: string;
    disabled?: boolean;
}

export const useRoles = () => useQuery(query(listRoles, {})).data?.roles;

export function RoleSelect({ value, onChange, blocked, ...select }: RoleSelectProps) {
    const { t } = useTranslation("users");
    const roles = useRoles();
    const chosen = value === "" || value === "0" ? undefined : value;
    const options = (roles ?? []).map((role) => {
        const reason = blocked?.(role);
        return { value: role.id, label: role.name, reason, disabled: reason !== undefined };
    });
    // A link may name a role that is gone.
    if (chosen && roles && !options.some((option) => option.value === chosen))
        options.push({ value: chosen, label: t("roleGone"), reason: undefined, disabled: false });

    return (
        <Select
            {...select}
            showSearch={{ optionFilterProp: "label" }}
            loading={!roles}
            options={options}
            optionRender={({ data, label }) => (
                <>
                    {label}
                    {data.reason && <span className="menu-reason">{data.reason}</span>}
                </>
            )}
            value={chosen ?? null}
            onChange={(next) => onChange?.(next ?? "")}
        />
    );
}
