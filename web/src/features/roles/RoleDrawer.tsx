import type { UseQueryResult } from "@tanstack/react-query";
import { Drawer, Skeleton } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiError } from "#api/errors";
import type { ListPermissionsResponse, ListRolesResponse, Role } from "#api/gen/smartpass/v1/users_http";
import { ConfirmDialog } from "#ui/ConfirmDialog";
import { Failure } from "#ui/Notice";
import { useReturnFocus } from "#ui/useReturnFocus";
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
    const [changed, setChanged] = useState(false);
    const [asking, setAsking] = useState(false);
    useReturnFocus();
    const isNew = id === "new";
    const ready = permissions.data !== undefined && (isNew || role !== undefined);
    const error = roles.error ?? permissions.error ?? (roles.data && !role && !isNew ? GONE : null);
    const retry = () => {
        void roles.refetch();
        void permissions.refetch();
    };
    return (
        <>
            <Drawer
                open={id !== ""}
                title={isNew ? t("form.addTitle") : t("form.editTitle", { name: role?.name ?? "" })}
                size={760}
                onClose={() => (changed ? setAsking(true) : onClose())}
                destroyOnHidden
                className="drawer"
            >
                {ready && (
                    <RoleForm
                        role={isNew ? undefined : role}
                        permissions={permissions.data.permissions}
                        onChanged={() => setChanged(true)}
                        onDone={onClose}
                    />
                )}
                {!ready && (error ? <Failure error={error} onRetry={retry} /> : <Skeleton active />)}
            </Drawer>
            <ConfirmDialog
                open={asking}
                title={t("form.discardTitle")}
                action={t("form.discard")}
                busy={false}
                onConfirm={onClose}
                onCancel={() => setAsking(false)}
            >
                {t("form.discardHint")}
            </ConfirmDialog>
        </>
    );
}
