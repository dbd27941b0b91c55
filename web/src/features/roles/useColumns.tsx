import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { deleteRole, listUsers, type Permission, type Role, updateRole } from "#api/gen/smartpass/v1/users_http";
import { may, useSession } from "#api/session";
import type { Column } from "#ui/DataTable";
import { useBlockReason } from "#ui/GuardedButton";
import { RowMenu } from "#ui/RowMenu";
import { holdsRole } from "./matrix";
import { useRightWords } from "./useRightWords";

interface ColumnActions {
    /** undefined: not known yet. */
    permissions: readonly Permission[] | undefined;
    onEdit: (id: string) => void;
    onDelete: (role: Role) => void;
}

export function useColumns(actions: ColumnActions): readonly Column<Role>[] {
    const { t } = useTranslation("roles");
    return [
        {
            key: "name",
            title: t("column.name"),
            lead: true,
            render: (role) => (
                <button type="button" className="row-title" onClick={() => actions.onEdit(role.id)}>
                    {role.name}
                </button>
            ),
        },
        {
            key: "rights",
            title: t("column.rights"),
            render: (role) => <Rights role={role} all={actions.permissions?.length} />,
        },
        { key: "users", title: t("column.users"), align: "end", render: (role) => <UserCount role={role} /> },
        {
            key: "actions",
            title: t("actions"),
            quiet: true,
            align: "end",
            render: (role) => <RoleMenu role={role} {...actions} />,
        },
    ];
}

/** Module by module what the role may do. */
function Rights({ role, all }: { role: Role; all: number | undefined }) {
    const { t } = useTranslation("roles");
    const words = useRightWords();
    if (role.permissions.length === 0) return <span className="meta">{t("noRights")}</span>;
    return (
        <div className="stack role-rights">
            <span>{words.summary(role.permissions)}</span>
            {all !== undefined && <span className="meta">{t("rights", { count: role.permissions.length, all })}</span>}
        </div>
    );
}

function UserCount({ role }: { role: Role }) {
    const { t } = useTranslation("roles");
    const session = useSession();
    if (role.userCount === 0 || !may(session, listUsers)) return role.userCount;
    return (
        <Link
            to="/users"
            search={{ role: role.id }}
            aria-label={t("usersOf", { count: role.userCount, name: role.name })}
        >
            {role.userCount}
        </Link>
    );
}

function RoleMenu({ role, permissions = [], onEdit, onDelete }: ColumnActions & { role: Role }) {
    const { t } = useTranslation("roles");
    const blockReason = useBlockReason();
    const exceeds = holdsRole(permissions, role) ? undefined : t("exceeds");
    const inUse = role.userCount > 0 ? t("inUse", { count: role.userCount }) : undefined;
    return (
        <RowMenu
            name={role.name}
            actions={[
                {
                    key: "edit",
                    label: t("edit"),
                    blocked: blockReason({ call: updateRole, blocked: exceeds }),
                    run: () => onEdit(role.id),
                },
                {
                    key: "delete",
                    label: t("delete"),
                    danger: true,
                    blocked: blockReason({ call: deleteRole, blocked: inUse ?? exceeds }),
                    run: () => onDelete(role),
                },
            ]}
        />
    );
}
