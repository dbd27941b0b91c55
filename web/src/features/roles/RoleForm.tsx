import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Form, type FormInstance, Input } from "antd";
import { useTranslation } from "react-i18next";
import {
    createRole,
    listRoles,
    listUsers,
    type Permission,
    type Role,
    roleMaxBytes,
    updateRole,
} from "#api/gen/smartpass/v1/users_http";
import { refresh } from "#api/query";
import { GuardedButton } from "#ui/GuardedButton";
import { OtherRefusal, useFieldRefusals } from "#ui/refusals";
import { fittingText, requiredText } from "#ui/textRules";
import { toast } from "#ui/toasts";
import { holdsRole } from "./matrix";
import { RightsMatrix } from "./RightsMatrix";

interface RoleFields {
    name: string;
    permissions: readonly string[];
}

const REFUSALS = { fields: { "role.name": "name", "role.permissions": "permissions" }, words: "roles" };

interface RoleFormProps {
    /** undefined: a new one. */
    role: Role | undefined;
    permissions: readonly Permission[];
    onChanged: () => void;
    onDone: () => void;
}

export function RoleForm({ role, permissions, onChanged, onDone }: RoleFormProps) {
    const { t } = useTranslation("roles");
    const [form] = Form.useForm<RoleFields>();
    const save = useSave(role, form, onDone);
    const beyond = role && !holdsRole(permissions, role) ? t("exceeds") : undefined;
    return (
        <Form<RoleFields>
            form={form}
            layout="vertical"
            requiredMark={false}
            initialValues={{ name: role?.name ?? "", permissions: role?.permissions ?? [] }}
            onValuesChange={onChanged}
            onFinish={save.mutate}
            scrollToFirstError={{ focus: true }}
        >
            <OtherRefusal error={save.error} {...REFUSALS} />
            <Form.Item
                label={t("form.name")}
                name="name"
                rules={[
                    requiredText(t("violation.FIELD_REQUIRED")),
                    fittingText(roleMaxBytes.name, t("violation.FIELD_TOO_LONG")),
                ]}
            >
                <Input autoComplete="off" />
            </Form.Item>
            <Form.Item name="permissions">
                <RightsMatrix permissions={permissions} />
            </Form.Item>
            {role && role.userCount > 0 && (
                <p className="meta form-note">{t("form.takesEffect", { count: role.userCount })}</p>
            )}
            <GuardedButton
                type="primary"
                htmlType="submit"
                call={role ? updateRole : createRole}
                blocked={beyond}
                loading={save.isPending}
            >
                {t(role ? "form.save" : "form.create")}
            </GuardedButton>
        </Form>
    );
}

function useSave(role: Role | undefined, form: FormInstance<RoleFields>, onDone: () => void) {
    const { t } = useTranslation("roles");
    const client = useQueryClient();
    const show = useFieldRefusals(form, REFUSALS);
    return useMutation({
        mutationFn: ({ name, permissions }: RoleFields) => {
            const fields = { name, permissions: [...permissions].sort() };
            return role ? updateRole({ role: { ...fields, id: role.id } }) : createRole({ role: fields });
        },
        onSuccess: (saved) => {
            toast("ok", t(role ? "form.saved" : "form.created", { name: saved.name }));
            refresh(client, listRoles, listUsers);
            onDone();
        },
        onError: show,
    });
}
