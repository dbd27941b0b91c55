import type { UseQueryResult } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { ApiError } from "#api/errors";
import type { ListPermissionsResponse, ListRolesResponse, Role } from "#api/gen/smartpass/v1/users_http";
import { FormDrawer } from "#ui/FormDrawer";
import { RoleForm } from "./RoleForm";

interface RoleDrawerProps {
    /** "new": a new role; "": closed. */
    id: string;
    /** undefined: new, not loaded yet, or gone. */
    role: Role | undefined;
    roles: UseQueryResult<ListRolesResponse>;
    permissions: UseQueryResult<ListPermissionsResponse>;
    onClose: () => void;
}

const GONE = new ApiError("NOT_FOUND", "", "");

export function RoleDrawer({ id, role, roles, permissions, onClose }: RoleDrawerProps) {
    const { t } = useTranslation("roles");
    const isNew = id === "new";
    const error = roles.error ?? permissions.error ?? (roles.data && !role && !isNew ? GONE : null);
    const retry = () => {
        void roles.refetch();
        void permissions.refetch();
    };
    return (
        <FormDrawer
            open={id !== ""}
            title={isNew ? t("form.addTitle") : t("form.editTitle", { name: role?.name ?? "" })}
            size={760}
            ready={permissions.data !== undefined && (isNew || role !== undefined)}
            error={error}
            onRetry={retry}
            onClose={onClose}
        >
            {(onChanged) =>
                permissions.data && (
                    <RoleForm
                        role={role}
                        permissions={permissions.data.permissions}
                        onChanged={onChanged}
                        onDone={onClose}
                    />
                )
            }
        </FormDrawer>
    );
}
