import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Form, Input, Select } from "antd";
import { useTranslation } from "react-i18next";
import {
    type Device,
    getDevice,
    listDevices,
    updateDevice,
    updateDeviceRequestMaxBytes,
} from "#api/gen/smartpass/v1/devices_http";
import { getSettings } from "#api/gen/smartpass/v1/settings_http";
import { refresh } from "#api/query";
import { FormDrawer } from "#ui/FormDrawer";
import { GroupSelect } from "#ui/GroupSelect";
import { useGroups, useSections } from "#ui/GroupTree";
import { GuardedButton } from "#ui/GuardedButton";
import { OtherRefusal, useFieldRefusals } from "#ui/refusals";
import { fittingText, requiredText } from "#ui/textRules";
import { toast } from "#ui/toasts";

interface EditDrawerProps {
    device: Device;
    onClose: () => void;
}

export default function EditDrawer({ device, onClose }: EditDrawerProps) {
    const { t } = useTranslation("devices");
    return (
        <FormDrawer
            open
            title={t("details.editTitle", { name: device.name })}
            size={460}
            ready
            error={null}
            onRetry={onClose}
            onClose={onClose}
        >
            {(onChanged) => <EditForm device={device} onChanged={onChanged} onDone={onClose} />}
        </FormDrawer>
    );
}

const REFUSED = {
    words: "devices",
    fields: { name: "name", place: "place", group_id: "groupId", section_id: "sectionId" },
} as const;

interface Values {
    name: string;
    place: string;
    groupId: string;
    sectionId: string;
}

interface EditFormProps {
    device: Device;
    onChanged: () => void;
    onDone: () => void;
}

function EditForm({ device, onChanged, onDone }: EditFormProps) {
    const { t } = useTranslation("devices");
    const { t: ui } = useTranslation("ui");
    const client = useQueryClient();
    const groups = useGroups();
    const [form] = Form.useForm<Values>();
    const group = Form.useWatch("groupId", form) ?? device.groupId;
    const sections = useSections("MODULE_DEVICES").filter(({ groupId }) => groupId === group);
    const show = useFieldRefusals(form, REFUSED);
    const saving = useMutation({
        // With the section where the form shows none.
        mutationFn: () => updateDevice({ ...(form.getFieldsValue(true) as Values), id: device.id }),
        onSuccess: ({ name }) => {
            toast("ok", t("details.saved", { name }));
            refresh(client, getDevice, listDevices, getSettings);
            onDone();
        },
        onError: show,
    });
    const { name, place, groupId, sectionId } = device;
    return (
        <Form<Values>
            form={form}
            layout="vertical"
            requiredMark={false}
            initialValues={{ name, place, groupId, sectionId }}
            onValuesChange={(changed: Partial<Values>) => {
                // Sections are the group's own.
                if (changed.groupId !== undefined) form.setFieldValue("sectionId", "0");
                onChanged();
            }}
            onFinish={() => saving.mutate()}
            scrollToFirstError={{ focus: true }}
        >
            <OtherRefusal error={saving.error} {...REFUSED} />
            <Form.Item
                label={t("details.name")}
                name="name"
                rules={[
                    requiredText(ui("error.FIELD_REQUIRED")),
                    fittingText(updateDeviceRequestMaxBytes.name, ui("tooLong")),
                ]}
            >
                <Input autoComplete="off" />
            </Form.Item>
            <Form.Item
                label={t("details.place")}
                name="place"
                extra={t("details.placeHint")}
                rules={[fittingText(updateDeviceRequestMaxBytes.place, ui("tooLong"))]}
            >
                <Input autoComplete="off" />
            </Form.Item>
            <Form.Item label={t("column.group")} name="groupId" extra={t("move.hint")}>
                <GroupSelect groups={groups} />
            </Form.Item>
            {sections.length > 0 && (
                <Form.Item label={t("move.section")} name="sectionId">
                    <Select
                        options={[
                            { value: "0", label: t("move.defaultSection") },
                            ...sections.map((section) => ({ value: section.id, label: section.name })),
                        ]}
                    />
                </Form.Item>
            )}
            <GuardedButton type="primary" htmlType="submit" call={updateDevice} loading={saving.isPending}>
                {t("details.save")}
            </GuardedButton>
        </Form>
    );
}
