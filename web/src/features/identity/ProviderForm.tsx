import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Alert, Button, Form, type FormInstance, type FormRule, Input, Switch } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { ApiError } from "#api/errors";
import {
    getIdentityProvider,
    getSignInOptions,
    type IdentityProvider,
    identityProviderMaxBytes,
    updateIdentityProvider,
} from "#api/gen/smartpass/v1/session_http";
import { query, refresh } from "#api/query";
import { CopyText } from "#ui/CopyText";
import { fittingText, requiredText } from "#ui/textRules";
import { toast } from "#ui/toasts";
import { useErrorWords } from "#ui/useErrorWords";
import { Mappings } from "./Mappings";
import { fieldProblems, fieldsOf, type ProviderFields, providerOf } from "./provider";

export function ProviderForm({ provider }: { provider: IdentityProvider }) {
    const { t } = useTranslation("identity");
    const [form] = Form.useForm<ProviderFields>();
    const save = useSave(form);
    const enabled = Form.useWatch("enabled", form) ?? provider.enabled;
    const needed = enabled ? [requiredText(t("required"))] : [];
    return (
        <Form<ProviderFields>
            form={form}
            layout="vertical"
            initialValues={fieldsOf(provider)}
            onFinish={(fields) => save.mutate(fields)}
            scrollToFirstError={{ focus: true }}
        >
            {save.error !== null && fieldProblems(save.error).length === 0 && <Refusal error={save.error} />}
            <div className="switch-field">
                <div id="label-enabled">
                    {t("enabled")}
                    <p className="meta">{t("enabledHint")}</p>
                </div>
                <Form.Item name="enabled" valuePropName="checked" noStyle>
                    <Switch aria-labelledby="label-enabled" />
                </Form.Item>
            </div>
            <h2 className="section-title">{t("client")}</h2>
            <p className="meta">{t("redirectHint")}</p>
            <CopyText text={`${window.location.origin}/sign-in/external`} label={t("redirect")} />
            <div className="identity-fields">
                <Field name="name" extra={t("nameHint")} rules={needed} />
                <Field name="issuer" extra={t("issuerHint")} rules={needed} input={<Input type="url" />} />
                <Field name="clientId" rules={needed} />
                <Field
                    name="clientSecret"
                    extra={t(provider.hasClientSecret ? "secretKept" : "secretNone")}
                    input={<Input.Password autoComplete="new-password" visibilityToggle={false} />}
                />
                <Field name="scopes" extra={t("scopesHint")} />
                <Field name="claim" extra={t("claimHint")} />
            </div>
            <h2 className="section-title">{t("mappings")}</h2>
            <p className="meta">{t("mappingsHint")}</p>
            <Mappings form={form} />
            <Button type="primary" htmlType="submit" loading={save.isPending}>
                {t("save")}
            </Button>
        </Form>
    );
}

interface FieldProps {
    name: keyof typeof identityProviderMaxBytes;
    extra?: string;
    rules?: readonly FormRule[];
    input?: ReactNode;
}

function Field({ name, extra, rules = [], input = <Input autoComplete="off" /> }: FieldProps) {
    const { t } = useTranslation("identity");
    return (
        <Form.Item
            label={t(`field.${name}`)}
            name={name}
            extra={extra}
            rules={[...rules, fittingText(identityProviderMaxBytes[name], t("tooLong"))]}
        >
            {input}
        </Form.Item>
    );
}

function useSave(form: FormInstance<ProviderFields>) {
    const { t, i18n } = useTranslation("identity");
    const client = useQueryClient();
    return useMutation({
        mutationFn: (fields: ProviderFields) => updateIdentityProvider({ provider: providerOf(fields) }),
        onSuccess: (saved) => {
            toast("ok", t("saved"));
            client.setQueryData(query(getIdentityProvider, {}).queryKey, saved);
            refresh(client, getSignInOptions);
            form.setFieldValue("clientSecret", "");
        },
        onError: (error) => {
            const why = error instanceof ApiError ? error.metadata.why : "";
            for (const { name, reason, description } of fieldProblems(error)) {
                const key = `violation.${reason}`;
                const known = i18n.exists(key, { ns: "identity" }) ? t(key as "violation.URL_INVALID") : description;
                const words = name === "issuer" && why ? `${known} (${why})` : known;
                form.setFields([{ name: name as "name", errors: [words] }]);
            }
        },
    });
}

/** A refusal of no field in particular. */
function Refusal({ error }: { error: unknown }) {
    const words = useErrorWords();
    return <Alert className="form-alert" type="error" title={words(error)} role="alert" />;
}
