import { useTranslation } from "react-i18next";
import { deleteUser, resetUserPassword, type User, updateUser } from "#api/gen/smartpass/v1/users_http";
import { useSession } from "#api/session";
import type { Column } from "#ui/DataTable";
import { useBlockReason } from "#ui/GuardedButton";
import { Pill } from "#ui/Pill";
import { RowMenu } from "#ui/RowMenu";
import { useNow, useTimes } from "#ui/useTimes";
import { changeObstacle, endObstacle, type Obstacle, resetObstacle } from "./standing";
import type { UserTask } from "./UserDialogs";

interface ColumnActions {
    onEdit: (id: string) => void;
    onTask: (task: UserTask) => void;
}

export function useColumns(actions: ColumnActions): readonly Column<User>[] {
    const { t } = useTranslation("users");
    return [
        {
            key: "user",
            title: t("column.user"),
            lead: true,
            render: (user) => <NameCell user={user} onEdit={actions.onEdit} />,
        },
        { key: "group", title: t("column.group"), render: (user) => user.groupName },
        { key: "rights", title: t("column.rights"), render: (user) => <Rights user={user} /> },
        { key: "state", title: t("column.state"), render: (user) => <State user={user} /> },
        { key: "signIn", title: t("column.signIn"), render: (user) => <SignIn user={user} /> },
        { key: "lastLogin", title: t("column.lastLogin"), render: (user) => <LastLogin user={user} /> },
        {
            key: "actions",
            title: t("actions"),
            quiet: true,
            align: "end",
            render: (user) => <UserMenu user={user} {...actions} />,
        },
    ];
}

function NameCell({ user, onEdit }: { user: User; onEdit: (id: string) => void }) {
    const { t } = useTranslation("users");
    const own = useSession().userId === user.id;
    return (
        <div className="stack">
            <span className="name-line">
                <button type="button" className="row-title" onClick={() => onEdit(user.id)}>
                    {user.displayName || user.username}
                </button>
                {own && (
                    <Pill tone="idle" plain>
                        {t("you")}
                    </Pill>
                )}
            </span>
            {user.displayName && <span className="meta">{user.username}</span>}
        </div>
    );
}

function Rights({ user }: { user: User }) {
    const { t } = useTranslation("users");
    if (!user.groupAdministrator) return user.roleName || <span className="meta">{t("noRole")}</span>;
    return (
        <Pill tone="info" plain>
            {t(user.enterpriseAdministrator ? "enterpriseAdministrator" : "groupAdministrator")}
        </Pill>
    );
}

function State({ user }: { user: User }) {
    const { t } = useTranslation("users");
    return user.disabled ? <Pill tone="idle">{t("disabled")}</Pill> : <Pill tone="ok">{t("active")}</Pill>;
}

function SignIn({ user }: { user: User }) {
    const { t } = useTranslation("users");
    if (user.external)
        return (
            <span title={t("externalHint")}>
                <Pill tone="visitor">{t("external")}</Pill>
            </span>
        );
    return (
        <span className="pills">
            {user.mustChangePassword && (
                <span title={t("firstPasswordHint")}>
                    <Pill tone="warn">{t("firstPassword")}</Pill>
                </span>
            )}
            {user.secondFactor && <Pill tone="ok">{t("secondFactor")}</Pill>}
            {!user.mustChangePassword && !user.secondFactor && <span className="meta">{t("passwordAlone")}</span>}
        </span>
    );
}

const AGO_STEP_MS = 10_000;

function LastLogin({ user }: { user: User }) {
    const { t } = useTranslation("users");
    const times = useTimes();
    const now = useNow(AGO_STEP_MS);
    if (!user.lastLoginTime) return <span className="meta">{t("never")}</span>;
    return (
        <time dateTime={user.lastLoginTime} title={times.dateTime(user.lastLoginTime)}>
            {times.ago(user.lastLoginTime, now)}
        </time>
    );
}

function UserMenu({ user, onEdit, onTask }: ColumnActions & { user: User }) {
    const { t } = useTranslation("users");
    const session = useSession();
    const blockReason = useBlockReason();
    const reason = (obstacle: Obstacle | undefined) => obstacle && t(`blocked.${obstacle}`);
    const own = user.id === session.userId;
    return (
        <RowMenu
            name={user.username}
            actions={[
                {
                    key: "edit",
                    label: t("edit"),
                    blocked: blockReason({ call: updateUser, blocked: reason(changeObstacle(session, user)) }),
                    run: () => onEdit(user.id),
                },
                {
                    key: "able",
                    label: t(user.disabled ? "enable" : "disable"),
                    blocked: blockReason({ call: updateUser, blocked: reason(endObstacle(session, user)) }),
                    run: () => onTask({ kind: user.disabled ? "enable" : "disable", user }),
                },
                {
                    key: "reset",
                    label: t("reset"),
                    blocked: blockReason({
                        call: resetUserPassword,
                        blocked: own ? t("blocked.ownReset") : reason(resetObstacle(session, user)),
                    }),
                    run: () => onTask({ kind: "reset", user }),
                },
                {
                    key: "delete",
                    label: t("delete"),
                    danger: true,
                    blocked: blockReason({ call: deleteUser, blocked: reason(endObstacle(session, user)) }),
                    run: () => onTask({ kind: "delete", user }),
                },
            ]}
        />
    );
}
