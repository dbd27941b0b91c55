import "./words";
import "./roles.css";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { createRole, listPermissions, listRoles, type Role } from "#api/gen/smartpass/v1/users_http";
import { query } from "#api/query";
import { DataTable } from "#ui/DataTable";
import { GuardedButton } from "#ui/GuardedButton";
import { Notice } from "#ui/Notice";
import { Page } from "#ui/Page";
import { DeleteDialog } from "./DeleteDialog";
import { RoleDrawer } from "./RoleDrawer";
import { useColumns } from "./useColumns";

const route = getRouteApi("/shell/roles");

export function RolesPage() {
    const { t } = useTranslation("roles");
    const { edit } = route.useSearch();
    const navigate = route.useNavigate();
    const [deleting, setDeleting] = useState<Role>();
    const list = useQuery(query(listRoles, {}));
    const permissions = useQuery(query(listPermissions, {}));
    const open = (id: string) => void navigate({ search: { edit: id } });
    const columns = useColumns({
        permissions: permissions.data?.permissions,
        onEdit: open,
        onDelete: setDeleting,
    });

    const addButton = (
        <GuardedButton type="primary" call={createRole} onClick={() => open("new")}>
            {t("add")}
        </GuardedButton>
    );
    return (
        <Page title={t("title")} subtitle={t("subtitle")} actions={addButton}>
            <section className="panel">
                <DataTable
                    label={t("title")}
                    columns={columns}
                    rows={list.data?.roles}
                    rowKey={(role) => role.id}
                    rowName={(role) => role.name}
                    error={list.error}
                    onRetry={() => void list.refetch()}
                    empty={
                        <Notice title={t("nothing")} action={addButton}>
                            {t("nothingHint")}
                        </Notice>
                    }
                />
            </section>
            <RoleDrawer
                key={edit}
                id={edit}
                role={list.data?.roles.find((role) => role.id === edit)}
                roles={list}
                permissions={permissions}
                onClose={() => open("")}
            />
            {deleting && <DeleteDialog role={deleting} onClose={() => setDeleting(undefined)} />}
        </Page>
    );
}
