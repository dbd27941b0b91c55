// Making a token: its name, what it may do, how long it lives; and then the secret, this once.

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Alert, Button, Checkbox, Form, type FormInstance, Input, Modal, Select } from "antd";
import { useTranslation } from "react-i18next";
import { createToken, listTokens, tokenMaxBytes } from "#api/gen/smartpass/v1/account_http";
import { refresh } from "#api/query";
import { useSession } from "#api/session";
import { CopyText } from "#ui/CopyText";
import { OtherRefusal, useFieldRefusals } from "#ui/refusals";
import { fittingText, requiredText } from "#ui/textRules";
import { useReturnFocus } from "#ui/useReturnFocus";
import { byModule, expiryIn, TOKEN_DAYS } from "./expiry";
import { usePermissionWords } from "./usePermissionWords";

interface TokenFields {
    name: string;
    permissions: string[];
    days: number;
}

const DEFAULT_DAYS = 90;

export function TokenDialog({ onClose }: { onClose: () => void }) {
    const { t } = useTranslation("account");
    const client = useQueryClient();
    const [form] = Form.useForm<TokenFields>();
    useReturnFocus();
    const { mutate, data, error, isPending } = useMutation({
        mutationFn: ({ name, permissions, days }: TokenFields) =>
            createToken({ token: { name: name.trim(), permissions, expireTime: expiryIn(days, Date.now()) } }),
        onSuccess: () => refresh(client, listTokens),
        onError: useFieldRefusals(form, REFUSALS),
    });
    return (
        <Modal
            open
            title={data ? t("tokens.madeTitle", { name: data.token?.name ?? "" }) : t("tokens.create")}
            footer={null}
            onCancel={onClose}
            width={560}
            // The secret is shown this once: it does not go with a click beside the window.
            maskClosable={!data}
            destroyOnHidden
        >
            {data ? (
                <Secret secret={data.secret} onDone={onClose} />
            ) : (
                <TokenForm form={form} busy={isPending} error={error} onSend={mutate} />
            )}
        </Modal>
    );
}

/** Where the form says what the server refused. */
const REFUSALS = {
    fields: { "token.name": "name", "token.permissions": "permissions", "token.expire_time": "days" },
    words: "account",
} as const;

interface TokenFormProps {
    form: FormInstance<TokenFields>;
    busy: boolean;
    error: unknown;
    onSend: (fields: TokenFields) => void;
}

function TokenForm({ form, busy, error, onSend }: TokenFormProps) {
    const { t } = useTranslation("account");
    return (
        <Form<TokenFields>
            form={form}
            layout="vertical"
            initialValues={{ name: "", permissions: [], days: DEFAULT_DAYS }}
            onFinish={onSend}
        >
            <OtherRefusal error={error} {...REFUSALS} />
            <Form.Item
                label={t("tokens.name")}
                name="name"
                extra={t("tokens.nameHint")}
                rules={[requiredText(t("required")), fittingText(tokenMaxBytes.name, t("tooLong"))]}
            >
                <Input autoComplete="off" autoFocus />
            </Form.Item>
            <Form.Item
                label={t("tokens.may")}
                name="permissions"
                extra={t("tokens.mayHint")}
                rules={[{ required: true, message: t("tokens.mayNothing") }]}
            >
                <PermissionChoice />
            </Form.Item>
            <Form.Item label={t("tokens.life")} name="days">
                <Select
                    options={TOKEN_DAYS.map((days) => ({ value: days, label: t("tokens.days", { count: days }) }))}
                />
            </Form.Item>
            <Button type="primary" htmlType="submit" loading={busy}>
                {t("tokens.create")}
            </Button>
        </Form>
    );
}

interface PermissionChoiceProps {
    /** Given by the form. */
    id?: string;
    value?: readonly string[];
    onChange?: (permissions: string[]) => void;
}

/** What the user himself may do; a token never has more. */
function PermissionChoice({ id, value = [], onChange }: PermissionChoiceProps) {
    const { t, i18n } = useTranslation("account");
    const words = usePermissionWords();
    const modules = byModule(useSession().permissions);
    const moduleName = (module: string) =>
        i18n.exists(`module.${module}`, { ns: "account" }) ? t(`module.${module}` as "module.employees") : module;
    const set = (changed: readonly string[], on: boolean) => {
        const others = value.filter((one) => !changed.includes(one));
        onChange?.(on ? [...others, ...changed] : others);
    };
    if (modules.length === 0) return <p className="meta">{t("tokens.noPermissions")}</p>;
    return (
        <div id={id} className="permission-choice">
            {modules.map(([module, permissions]) => {
                const chosen = permissions.filter((one) => value.includes(one)).length;
                return (
                    <fieldset key={module}>
                        <legend>
                            <Checkbox
                                checked={chosen === permissions.length}
                                indeterminate={chosen > 0 && chosen < permissions.length}
                                onChange={(event) => set(permissions, event.target.checked)}
                            >
                                <strong>{moduleName(module)}</strong>
                            </Checkbox>
                        </legend>
                        {permissions.map((permission) => (
                            <Checkbox
                                key={permission}
                                checked={value.includes(permission)}
                                onChange={(event) => set([permission], event.target.checked)}
                            >
                                {words(permission).replace(/^./, (first) => first.toUpperCase())}
                            </Checkbox>
                        ))}
                    </fieldset>
                );
            })}
        </div>
    );
}

function Secret({ secret, onDone }: { secret: string; onDone: () => void }) {
    const { t } = useTranslation("account");
    return (
        <div className="recovery">
            <Alert type="warning" showIcon title={t("tokens.once")} description={t("tokens.onceHint")} />
            <CopyText text={secret} label={t("tokens.secret")} />
            <p className="meta">
                {t("tokens.use")} <code>{"Authorization: Bearer …"}</code>
            </p>
            <Button type="primary" onClick={onDone}>
                {t("tokens.done")}
            </Button>
        </div>
    );
}
