import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Alert, Form, InputNumber, Switch } from "antd";
import { useTranslation } from "react-i18next";
import {
    type Device,
    type DeviceSettings,
    getDevice,
    listDevices,
    updateDeviceSettings,
} from "#api/gen/smartpass/v1/devices_http";
import { refresh } from "#api/query";
import { GuardedButton } from "#ui/GuardedButton";
import { toast } from "#ui/toasts";
import { useErrorWords } from "#ui/useErrorWords";
import { fieldsOf, isRelay, isThreshold, RELAY, type SettingsFields, settingsOf, THRESHOLD } from "./settings";

interface SettingsFormProps {
    device: Device;
    onDone: () => void;
}

export function SettingsForm({ device, onDone }: SettingsFormProps) {
    const { settings } = device;
    return settings ? <Fields device={device} settings={settings} onDone={onDone} /> : null;
}

function Fields({ device, settings, onDone }: SettingsFormProps & { settings: DeviceSettings }) {
    const { t } = useTranslation("devices");
    const save = useSave(device, settings, onDone);
    const rule = (holds: (value: unknown) => boolean, message: string) => ({
        validator: (_: unknown, value: unknown) =>
            holds(value) ? Promise.resolve() : Promise.reject(new Error(message)),
    });

    return (
        <Form<SettingsFields>
            layout="vertical"
            initialValues={fieldsOf(settings)}
            onFinish={(fields) => save.mutate(fields)}
            scrollToFirstError={{ focus: true }}
        >
            {settings.version !== settings.reportedVersion && (
                <Alert className="form-alert" type="warning" title={t("form.waiting")} />
            )}
            {save.error && <Refusal error={save.error} />}
            <h2 className="section-title">{t("form.temperature")}</h2>
            <SwitchField name="temperatureDetection" label={t("form.detection")} />
            <Form.Item
                label={t("form.threshold")}
                name="threshold"
                extra={t("form.thresholdHint")}
                rules={[rule(isThreshold, t("form.thresholdRange"))]}
            >
                <InputNumber step={THRESHOLD.step} precision={1} suffix="°C" />
            </Form.Item>
            <SwitchField name="blockAbnormal" label={t("form.block")} />
            <h2 className="section-title">{t("form.access")}</h2>
            <SwitchField name="maskRequired" label={t("form.mask")} />
            <SwitchField name="strangerMode" label={t("form.stranger")} hint={t("form.strangerHint")} />
            <SwitchField name="strangerRecord" label={t("form.strangerRecord")} />
            <Form.Item label={t("form.relay")} name="relaySeconds" rules={[rule(isRelay, t("form.relayRange"))]}>
                <InputNumber step={1} min={RELAY.least} suffix={t("form.seconds")} />
            </Form.Item>
            <GuardedButton type="primary" htmlType="submit" call={updateDeviceSettings} loading={save.isPending}>
                {t("form.save")}
            </GuardedButton>
        </Form>
    );
}

interface SwitchFieldProps {
    name: keyof SettingsFields;
    label: string;
    hint?: string;
}

function SwitchField({ name, label, hint }: SwitchFieldProps) {
    return (
        <div className="switch-field">
            <div id={`label-${name}`}>
                {label}
                {hint && <p className="meta">{hint}</p>}
            </div>
            <Form.Item name={name} valuePropName="checked" noStyle>
                <Switch aria-labelledby={`label-${name}`} />
            </Form.Item>
        </div>
    );
}

function useSave(device: Device, settings: DeviceSettings, onDone: () => void) {
    const { t } = useTranslation("devices");
    const client = useQueryClient();
    return useMutation({
        mutationFn: (fields: SettingsFields) =>
            updateDeviceSettings({ id: device.id, settings: settingsOf(fields, settings.version) }),
        onSuccess: () => {
            const online = device.state === "DEVICE_STATE_ONLINE";
            toast("ok", online ? t("form.saved") : t("form.savedOffline", { name: device.name }));
            refresh(client, listDevices, getDevice);
            onDone();
        },
    });
}

function Refusal({ error }: { error: unknown }) {
    const words = useErrorWords();
    return <Alert className="form-alert" type="error" title={words(error)} role="alert" />;
}
