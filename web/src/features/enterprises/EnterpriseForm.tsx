import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Form, type FormInstance, Input, Select } from "antd";
import { useTranslation } from "react-i18next";
import {
    createEnterprise,
    createEnterpriseRequestMaxBytes,
    type Enterprise,
    enterpriseMaxBytes,
    getEnterprise,
    listEnterprises,
    updateEnterprise,
} from "#api/gen/smartpass/v1/enterprises_http";
import { getSession } from "#api/gen/smartpass/v1/session_http";
import { refresh } from "#api/query";
import { useSession } from "#api/session";
import { FirstPasswordFields, type FirstPasswordValues, type OneTimePassword } from "#ui/FirstPassword";
import { GuardedButton } from "#ui/GuardedButton";
import { OtherRefusal, useFieldRefusals } from "#ui/refusals";
import { fittingText, requiredText } from "#ui/textRules";
import { toast } from "#ui/toasts";

interface EnterpriseFields extends Partial<FirstPasswordValues> {
    name: string;
    timeZone: string;
    /** Of a new one's administrator. */
    username?: string;
}

const REFUSALS = {
    fields: {
        "enterprise.name": "name",
        "enterprise.time_zone": "timeZone",
        administrator_username: "username",
        administrator_password: "password",
    },
    words: "enterprises",
};

interface EnterpriseFormProps {
    /** undefined: a new one. */
    enterprise: Enterprise | undefined;
    onChanged: () => void;
    onSecret: (secret: OneTimePassword) => void;
    onDone: () => void;
}

export function EnterpriseForm({ enterprise, onChanged, onSecret, onDone }: EnterpriseFormProps) {
    const { t } = useTranslation("enterprises");
    const session = useSession();
    const [form] = Form.useForm<EnterpriseFields>();
    const save = useSave(enterprise, form, onSecret, onDone);
    const timeZone = enterprise?.timeZone ?? session.timeZone;
    return (
        <Form<EnterpriseFields>
            form={form}
            layout="vertical"
            requiredMark={false}
            initialValues={{ name: enterprise?.name ?? "", timeZone }}
            onValuesChange={onChanged}
            onFinish={(fields) => save.mutate(fields)}
            scrollToFirstError={{ focus: true }}
        >
            <OtherRefusal error={save.error} {...REFUSALS} />
            <Form.Item
                label={t("form.name")}
                name="name"
                rules={[
                    requiredText(t("violation.FIELD_REQUIRED")),
                    fittingText(enterpriseMaxBytes.name, t("violation.FIELD_TOO_LONG")),
                ]}
            >
                <Input autoComplete="off" />
            </Form.Item>
            <Form.Item label={t("form.zone")} name="timeZone" extra={t("form.zoneHint")}>
                <Select showSearch options={zones(timeZone).map((zone) => ({ value: zone, label: zone }))} />
            </Form.Item>
            {!enterprise && <AdministratorFields />}
            <GuardedButton
                type="primary"
                htmlType="submit"
                call={enterprise ? updateEnterprise : createEnterprise}
                blocked={enterprise?.deleting ? t("deletingAlready") : undefined}
                loading={save.isPending}
            >
                {t(enterprise ? "form.save" : "form.create")}
            </GuardedButton>
        </Form>
    );
}

/** Those that the browser knows; `present` may be one that it does not. */
const zones = (present: string) => [...new Set([present, "UTC", ...Intl.supportedValuesOf("timeZone")])].sort();

function AdministratorFields() {
    const { t } = useTranslation("enterprises");
    return (
        <fieldset className="form-part">
            <legend>{t("form.administrator")}</legend>
            <p className="meta form-note">{t("form.administratorHint")}</p>
            <Form.Item
                label={t("form.username")}
                name="username"
                rules={[
                    requiredText(t("violation.FIELD_REQUIRED")),
                    fittingText(createEnterpriseRequestMaxBytes.administratorUsername, t("violation.FIELD_TOO_LONG")),
                ]}
            >
                <Input autoComplete="off" autoCapitalize="none" spellCheck={false} />
            </Form.Item>
            <FirstPasswordFields />
        </fieldset>
    );
}

function useSave(
    enterprise: Enterprise | undefined,
    form: FormInstance<EnterpriseFields>,
    onSecret: (secret: OneTimePassword) => void,
    onDone: () => void,
) {
    const { t } = useTranslation("enterprises");
    const client = useQueryClient();
    const show = useFieldRefusals(form, REFUSALS);

    const create = async ({ name, timeZone, username = "", ownPassword, password = "" }: EnterpriseFields) => {
        const made = await createEnterprise({
            enterprise: { name, timeZone },
            administratorUsername: username,
            administratorPassword: ownPassword ? password : "",
        });
        const { oneTimePassword, oneTimePasswordExpireTime: expireTime } = made;
        if (oneTimePassword) onSecret({ username, password: oneTimePassword, expireTime });
        return name;
    };
    const update = async (id: string, { name, timeZone }: EnterpriseFields) => {
        await updateEnterprise({ enterprise: { id, name, timeZone } });
        return name;
    };
    return useMutation({
        mutationFn: (fields: EnterpriseFields) => (enterprise ? update(enterprise.id, fields) : create(fields)),
        onSuccess: (name) => {
            toast("ok", t(enterprise ? "form.saved" : "form.created", { name }));
            // The session tells the name and the zone of one's own.
            refresh(client, listEnterprises, getEnterprise, getSession);
            onDone();
        },
        onError: show,
    });
}
