import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Alert, Form, type FormInstance, Input, Radio } from "antd";
import { useTranslation } from "react-i18next";
import { getGroupContent } from "#api/gen/smartpass/v1/org_http";
import {
    createUser,
    getUser,
    listRoles,
    listUsers,
    type User,
    updateUser,
    userMaxBytes,
} from "#api/gen/smartpass/v1/users_http";
import { refresh } from "#api/query";
import { useSession } from "#api/session";
import { FirstPasswordFields, type FirstPasswordValues, type OneTimePassword } from "#ui/FirstPassword";
import { GroupSelect } from "#ui/GroupSelect";
import { useGroups } from "#ui/GroupTree";
import { GuardedButton } from "#ui/GuardedButton";
import { OtherRefusal, useFieldRefusals } from "#ui/refusals";
import { fittingText, requiredText } from "#ui/textRules";
import { toast } from "#ui/toasts";
import { RoleSelect, useRoles } from "./RoleSelect";
import { changeObstacle, holdsAll, isAdministrator } from "./standing";
import { changeable } from "./UserDialogs";

interface UserFields extends Partial<FirstPasswordValues> {
    username?: string;
    displayName: string;
    groupId: string;
    groupAdministrator: boolean;
    roleId?: string;
}

const REFUSALS = {
    fields: {
        "user.username": "username",
        "user.display_name": "displayName",
        "user.group_id": "groupId",
        "user.group_administrator": "groupAdministrator",
        "user.role_id": "roleId",
        password: "password",
    },
    words: "users",
};

interface UserFormProps {
    /** undefined: somebody new. */
    user: User | undefined;
    onChanged: () => void;
    onSecret: (secret: OneTimePassword) => void;
    onDone: () => void;
}

export function UserForm({ user, onChanged, onSecret, onDone }: UserFormProps) {
    const { t } = useTranslation("users");
    const session = useSession();
    const [form] = Form.useForm<UserFields>();
    const save = useSave(user, form, onSecret, onDone);
    const obstacle = user && changeObstacle(session, user);
    const own = user?.id === session.userId;

    return (
        <Form<UserFields>
            form={form}
            layout="vertical"
            requiredMark={false}
            initialValues={
                user ? fieldsOf(user) : { displayName: "", groupId: session.groupId, groupAdministrator: false }
            }
            onValuesChange={onChanged}
            onFinish={(fields) => save.mutate(fields)}
            scrollToFirstError={{ focus: true }}
        >
            <OtherRefusal error={save.error} {...REFUSALS} />
            {own && <Alert className="form-alert" type="info" title={t("form.ownRights")} />}
            <NameFields isNew={!user} />
            <RightsFields form={form} frozen={own} />
            {!user && <FirstPasswordFields />}
            {user && !own && <p className="meta form-note">{t("form.signOut")}</p>}
            <GuardedButton
                type="primary"
                htmlType="submit"
                call={user ? updateUser : createUser}
                blocked={obstacle && t(`blocked.${obstacle}`)}
                loading={save.isPending}
            >
                {t(user ? "form.save" : "form.create")}
            </GuardedButton>
        </Form>
    );
}

const NO_ROLE = "0";

const fieldsOf = ({ username, displayName, groupId, groupAdministrator, roleId }: User): UserFields => ({
    username,
    displayName,
    groupId,
    groupAdministrator,
    ...(roleId !== NO_ROLE && { roleId }),
});

function NameFields({ isNew }: { isNew: boolean }) {
    const { t } = useTranslation("users");
    const tooLong = t("violation.FIELD_TOO_LONG");
    return (
        <>
            <Form.Item
                label={t("form.username")}
                name="username"
                extra={t("form.usernameHint")}
                rules={[requiredText(t("violation.FIELD_REQUIRED")), fittingText(userMaxBytes.username, tooLong)]}
            >
                <Input autoComplete="off" autoCapitalize="none" spellCheck={false} disabled={!isNew} />
            </Form.Item>
            <Form.Item
                label={t("form.displayName")}
                name="displayName"
                rules={[fittingText(userMaxBytes.displayName, tooLong)]}
            >
                <Input autoComplete="off" />
            </Form.Item>
        </>
    );
}

/** `frozen`: one's own, which stay as they are. */
function RightsFields({ form, frozen }: { form: FormInstance<UserFields>; frozen: boolean }) {
    const { t } = useTranslation("users");
    const session = useSession();
    const groups = useGroups();
    const roles = useRoles();
    const administrator = Form.useWatch("groupAdministrator", form);
    const gives = isAdministrator(session);
    return (
        <>
            <Form.Item label={t("form.group")} name="groupId" extra={t("form.groupHint")}>
                <GroupSelect groups={groups} disabled={frozen} />
            </Form.Item>
            <Form.Item
                label={t("form.kind")}
                name="groupAdministrator"
                extra={gives ? t("form.administratorHint") : t("form.administratorBlocked")}
            >
                <Radio.Group
                    className="radio-lines"
                    disabled={frozen}
                    options={[
                        { value: false, label: t("form.normal") },
                        { value: true, label: t("form.administrator"), disabled: !gives },
                    ]}
                />
            </Form.Item>
            {!administrator && (
                <Form.Item
                    label={t("form.role")}
                    name="roleId"
                    normalize={(id: string) => id || undefined}
                    rules={[{ required: true, message: t("violation.FIELD_REQUIRED") }]}
                    extra={
                        roles?.length === 0 && (
                            <>
                                {t("form.noRoles")}{" "}
                                <Link to="/roles" search={{ edit: "new" }}>
                                    {t("form.toRoles")}
                                </Link>
                            </>
                        )
                    }
                >
                    <RoleSelect
                        disabled={frozen}
                        blocked={(role) => (holdsAll(session, role.permissions) ? undefined : t("form.exceeds"))}
                    />
                </Form.Item>
            )}
        </>
    );
}

function useSave(
    user: User | undefined,
    form: FormInstance<UserFields>,
    onSecret: (secret: OneTimePassword) => void,
    onDone: () => void,
) {
    const { t } = useTranslation("users");
    const client = useQueryClient();
    const show = useFieldRefusals(form, REFUSALS);

    const create = async ({ password = "", ownPassword, ...fields }: UserFields) => {
        const made = await createUser({ user: withRole(fields), password: ownPassword ? password : "" });
        if (made.oneTimePassword)
            onSecret({
                username: made.user?.username ?? "",
                password: made.oneTimePassword,
                expireTime: made.oneTimePasswordExpireTime,
            });
        return made.user;
    };
    return useMutation({
        mutationFn: (fields: UserFields) =>
            user ? updateUser({ user: { ...changeable(user), ...withRole(fields) } }) : create(fields),
        onSuccess: (saved) => {
            const name = saved?.displayName || saved?.username;
            toast("ok", t(user ? "form.saved" : "form.created", { name }));
            refresh(client, listUsers, getUser, listRoles, getGroupContent);
            onDone();
        },
        onError: show,
    });
}

/** An administrator has no role. */
const withRole = (fields: UserFields) => ({
    ...fields,
    roleId: fields.groupAdministrator ? NO_ROLE : (fields.roleId ?? NO_ROLE),
});
