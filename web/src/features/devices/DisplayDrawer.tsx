// A picture that a terminal shows: which one, for whom and for how long.

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Checkbox, Form, InputNumber } from "antd";
import { useTranslation } from "react-i18next";
import type { Device } from "#api/gen/smartpass/v1/devices_http";
import { createDisplay, type Display, listDisplays, updateDisplay } from "#api/gen/smartpass/v1/displays_http";
import { refresh } from "#api/query";
import { FormDrawer } from "#ui/FormDrawer";
import { GuardedButton } from "#ui/GuardedButton";
import { OtherRefusal, useFieldRefusals } from "#ui/refusals";
import { toast } from "#ui/toasts";
import { DisplayPeople } from "./DisplayPeople";
import { DisplayPicture } from "./DisplayPicture";
import { base64Of, type DisplayValues, MOST_PEOPLE, SECONDS, unseenOf, valuesOf } from "./displays";

interface DisplayDrawerProps {
    device: Device;
    /** undefined: a new one. */
    display: Display | undefined;
    onClose: () => void;
}

export default function DisplayDrawer({ device, display, onClose }: DisplayDrawerProps) {
    const { t } = useTranslation("displays");
    return (
        <FormDrawer
            open
            title={display ? t("editTitle") : t("addTitle", { name: device.name })}
            size={520}
            ready
            error={null}
            onRetry={onClose}
            onClose={onClose}
        >
            {(onChanged) => <DisplayForm device={device} display={display} onChanged={onChanged} onDone={onClose} />}
        </FormDrawer>
    );
}

const REFUSED = {
    words: "displays",
    fields: { picture: "picture", "display.person_ids": "personIds", "display.seconds": "seconds" },
} as const;

interface DisplayFormProps {
    device: Device;
    display: Display | undefined;
    onChanged: () => void;
    onDone: () => void;
}

function DisplayForm({ device, display, onChanged, onDone }: DisplayFormProps) {
    const { t } = useTranslation("displays");
    const [form] = Form.useForm<DisplayValues>();
    const rules = useRules(display);
    const saving = useSave(device, display, onDone, useFieldRefusals(form, REFUSED));
    return (
        <Form<DisplayValues>
            form={form}
            layout="vertical"
            requiredMark={false}
            initialValues={valuesOf(display)}
            onValuesChange={onChanged}
            onFinish={(values) => saving.mutate(values)}
            scrollToFirstError={{ focus: true }}
        >
            <OtherRefusal error={saving.error} {...REFUSED} />
            <Form.Item label={t("picture")} name="picture" htmlFor="display-picture" rules={rules.picture}>
                <DisplayPicture
                    id="display-picture"
                    present={display}
                    onRefused={(words) => form.setFields([{ name: "picture", errors: words ? [words] : [] }])}
                />
            </Form.Item>
            <Form.Item
                label={t("people")}
                name="personIds"
                extra={t("peopleHint")}
                dependencies={["strangers"]}
                rules={rules.people}
            >
                <DisplayPeople before={display?.people ?? []} />
            </Form.Item>
            {display && unseenOf(display) > 0 && (
                <p className="form-note">{t("unseen", { count: unseenOf(display) })}</p>
            )}
            <Form.Item name="strangers" valuePropName="checked" extra={t("strangersHint")}>
                <Checkbox>{t("strangersField")}</Checkbox>
            </Form.Item>
            <Form.Item label={t("seconds")} name="seconds" rules={rules.seconds}>
                <InputNumber suffix="s" precision={0} />
            </Form.Item>
            <GuardedButton
                type="primary"
                htmlType="submit"
                call={display ? updateDisplay : createDisplay}
                loading={saving.isPending}
            >
                {t("save")}
            </GuardedButton>
        </Form>
    );
}

function useSave(device: Device, display: Display | undefined, onDone: () => void, onError: (error: unknown) => void) {
    const { t } = useTranslation("displays");
    const client = useQueryClient();
    return useMutation({
        mutationFn: async ({ picture, ...values }: DisplayValues) => {
            const bytes = picture ? await base64Of(picture) : "";
            return display
                ? updateDisplay({ display: { ...values, id: display.id }, picture: bytes })
                : createDisplay({ display: { ...values, deviceId: device.id }, picture: bytes });
        },
        onSuccess: () => {
            toast("ok", t("saved"));
            refresh(client, listDisplays);
            onDone();
        },
        onError,
    });
}

/** Of the form's own accord; the server looks again. */
function useRules(display: Display | undefined) {
    const { t } = useTranslation("displays");
    const check = (holds: boolean, words: string) => (holds ? Promise.resolve() : Promise.reject(new Error(words)));
    const unseen = display ? unseenOf(display) : 0;
    return {
        picture: display ? [] : [{ required: true, message: t("problem.picture") }],
        people: [
            ({ getFieldValue }: { getFieldValue: (name: string) => unknown }) => ({
                validator: (_: unknown, ids: string[] = []) =>
                    check(ids.length > 0 || unseen > 0 || getFieldValue("strangers") === true, t("problem.people")),
            }),
            {
                validator: (_: unknown, ids: string[] = []) =>
                    check(ids.length <= MOST_PEOPLE, t("problem.tooMany", { count: MOST_PEOPLE })),
            },
        ],
        seconds: [
            {
                validator: (_: unknown, seconds: number | null) =>
                    check(
                        seconds !== null && seconds >= SECONDS.least && seconds <= SECONDS.most,
                        t("problem.seconds"),
                    ),
            },
        ],
    };
}
