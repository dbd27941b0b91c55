import { useMutation } from "@tanstack/react-query";
import { Alert, Button, Form, type FormInstance, Input } from "antd";
import { useTranslation } from "react-i18next";
import { ApiError } from "#api/errors";
import { changePassword } from "#api/gen/smartpass/v1/session_http";
import type { Session } from "#api/session";
import { DashIcon, TickIcon } from "#ui/icons";
import { useErrorWords } from "#ui/useErrorWords";
import { passwordRules } from "./rules";

interface PasswordFields {
    oldPassword: string;
    newPassword: string;
    repeated: string;
}

interface PasswordFormProps {
    username: string;
    /** Given right after signing in with it; otherwise the form asks for it. */
    oldPassword?: string;
    onChanged: (session: Session) => void;
}

export function PasswordForm({ username, oldPassword = "", onChanged }: PasswordFormProps) {
    const { t } = useTranslation("session");
    const [form] = Form.useForm<PasswordFields>();
    const showViolations = useViolations(form);
    const { mutate, error, isPending } = useMutation({
        mutationFn: (fields: PasswordFields) =>
            changePassword({ oldPassword: oldPassword || fields.oldPassword, newPassword: fields.newPassword }),
        onSuccess: ({ session }) => session && onChanged(session),
        onError: showViolations,
    });
    const required = { required: true, message: t("violation.FIELD_REQUIRED") };

    return (
        <Form<PasswordFields> form={form} layout="vertical" requiredMark={false} onFinish={(fields) => mutate(fields)}>
            <OtherRefusal error={error} />
            {/* Password managers want to know whose password it is. */}
            <input
                className="sr-only"
                type="text"
                name="username"
                autoComplete="username"
                value={username}
                readOnly
                tabIndex={-1}
                aria-hidden="true"
            />
            {!oldPassword && (
                <Form.Item label={t("oldPassword")} name="oldPassword" rules={[required]}>
                    <Input.Password autoComplete="current-password" maxLength={128} visibilityToggle={false} />
                </Form.Item>
            )}
            <Form.Item label={t("newPassword")} name="newPassword" rules={[required]}>
                <Input.Password
                    autoComplete="new-password"
                    maxLength={128}
                    visibilityToggle={false}
                    aria-describedby="password-rules"
                />
            </Form.Item>
            <Form.Item
                label={t("repeatPassword")}
                name="repeated"
                dependencies={["newPassword"]}
                rules={[
                    required,
                    ({ getFieldValue }) => ({
                        validator: (_, value: string) =>
                            !value || value === getFieldValue("newPassword")
                                ? Promise.resolve()
                                : Promise.reject(new Error(t("violation.REPEAT_DIFFERS"))),
                    }),
                ]}
            >
                <Input.Password autoComplete="new-password" maxLength={128} visibilityToggle={false} />
            </Form.Item>
            <Rules form={form} oldPassword={oldPassword} />
            <Button type="primary" htmlType="submit" block size="large" loading={isPending}>
                {t("change")}
            </Button>
        </Form>
    );
}

const FIELDS: Record<string, keyof PasswordFields> = { old_password: "oldPassword", new_password: "newPassword" };

/** Writes what the server refused beside the field that it refused. */
function useViolations(form: FormInstance<PasswordFields>): (error: unknown) => void {
    const { t, i18n } = useTranslation("session");
    return (error) => {
        if (!(error instanceof ApiError)) return;
        for (const { field, reason, description } of error.violations) {
            const name = FIELDS[field];
            if (!name) continue;
            const key = `violation.${reason}`;
            const words = i18n.exists(key, { ns: "session" })
                ? t(`violation.${reason as "PASSWORD_WRONG"}`)
                : description;
            form.setFields([{ name, errors: [words] }]);
            form.getFieldInstance(name)?.focus();
        }
    };
}

/** Whatever is wrong with no field of this form in particular. */
function OtherRefusal({ error }: { error: unknown }) {
    const words = useErrorWords();
    if (!error) return null;
    if (error instanceof ApiError && error.violations.some(({ field }) => field in FIELDS)) return null;
    return <Alert className="form-alert" type="error" title={words(error)} role="alert" />;
}

function Rules({ form, oldPassword }: { form: FormInstance<PasswordFields>; oldPassword: string }) {
    const { t } = useTranslation("session");
    const next = Form.useWatch("newPassword", form) ?? "";
    const repeated = Form.useWatch("repeated", form) ?? "";
    const typedOld = Form.useWatch("oldPassword", form) ?? "";
    const rules = passwordRules(next, repeated, oldPassword || typedOld);
    return (
        <ul className="rules" id="password-rules">
            <Rule words={t("rule.length")} met={rules.length} />
            <Rule words={t("rule.different")} met={rules.different} />
            <Rule words={t("rule.same")} met={rules.same} />
            {/* Only the server knows the list. */}
            <Rule words={t("rule.common")} />
        </ul>
    );
}

function Rule({ words, met }: { words: string; met?: boolean }) {
    const { t } = useTranslation("session");
    return (
        <li className={met ? "rule-met" : undefined}>
            {met ? <TickIcon size={14} /> : <DashIcon size={14} />}
            {words}
            {met !== undefined && <span className="sr-only">, {t(met ? "ruleMet" : "ruleOpen")}</span>}
        </li>
    );
}
