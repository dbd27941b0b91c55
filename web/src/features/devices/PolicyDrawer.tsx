// Whether new terminals wait for somebody, and from when on something is alarming.

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Form, InputNumber, Switch } from "antd";
import { useTranslation } from "react-i18next";
import { type DevicePolicy, getDevicePolicy, updateDevicePolicy } from "#api/gen/smartpass/v1/devices_http";
import { query, refresh } from "#api/query";
import { FormDrawer } from "#ui/FormDrawer";
import { GuardedButton } from "#ui/GuardedButton";
import { OtherRefusal, useFieldRefusals } from "#ui/refusals";
import { toast } from "#ui/toasts";
import { THRESHOLDS, type Threshold } from "./policy";

export default function PolicyDrawer({ onClose }: { onClose: () => void }) {
    const { t } = useTranslation("devices");
    const { data, error, refetch } = useQuery({ ...query(getDevicePolicy, {}), staleTime: 0 });
    return (
        <FormDrawer
            open
            title={t("policy.title")}
            size={460}
            ready={data !== undefined}
            error={error}
            onRetry={() => void refetch()}
            onClose={onClose}
        >
            {(onChanged) => data && <PolicyForm policy={data} onChanged={onChanged} onDone={onClose} />}
        </FormDrawer>
    );
}

const REFUSED = {
    words: "devices",
    fields: {
        "policy.offline_alarm_seconds": "offlineAlarmSeconds",
        "policy.clock_alarm_seconds": "clockAlarmSeconds",
        "policy.backlog_alarm_records": "backlogAlarmRecords",
        "policy.certificate_alarm_days": "certificateAlarmDays",
    },
} as const;

interface PolicyFormProps {
    policy: DevicePolicy;
    onChanged: () => void;
    onDone: () => void;
}

function PolicyForm({ policy, onChanged, onDone }: PolicyFormProps) {
    const { t } = useTranslation("devices");
    const client = useQueryClient();
    const [form] = Form.useForm<DevicePolicy>();
    const show = useFieldRefusals(form, REFUSED);
    const saving = useMutation({
        mutationFn: (next: DevicePolicy) => updateDevicePolicy({ policy: next }),
        onSuccess: (saved) => {
            client.setQueryData(query(getDevicePolicy, {}).queryKey, saved);
            refresh(client, getDevicePolicy);
            toast("ok", t("policy.saved"));
            onDone();
        },
        onError: show,
    });
    return (
        <Form<DevicePolicy>
            form={form}
            layout="vertical"
            requiredMark={false}
            initialValues={policy}
            onValuesChange={onChanged}
            onFinish={(values) => saving.mutate(values)}
            scrollToFirstError={{ focus: true }}
        >
            <OtherRefusal error={saving.error} {...REFUSED} />
            <div className="switch-field">
                <div>
                    <span id="policy-approval">{t("policy.approval")}</span>
                    <p className="meta">{t("policy.approvalHint")}</p>
                </div>
                <Form.Item name="approval" valuePropName="checked" noStyle>
                    <Switch aria-labelledby="policy-approval" />
                </Form.Item>
            </div>
            <h2 className="section-title">{t("policy.thresholds")}</h2>
            {THRESHOLDS.map((threshold) => (
                <ThresholdField key={threshold.name} {...threshold} />
            ))}
            <GuardedButton type="primary" htmlType="submit" call={updateDevicePolicy} loading={saving.isPending}>
                {t("policy.save")}
            </GuardedButton>
        </Form>
    );
}

function ThresholdField({ name, word, unit, least, most }: Threshold) {
    const { t } = useTranslation("devices");
    const range = t("policy.range", { min: least, max: most });
    return (
        <Form.Item
            label={t(`policy.${word}`)}
            name={name}
            extra={range}
            rules={[{ type: "integer", required: true, min: least, max: most, message: range }]}
        >
            <InputNumber precision={0} suffix={t(`policy.${unit}`)} style={{ width: 180 }} />
        </Form.Item>
    );
}
