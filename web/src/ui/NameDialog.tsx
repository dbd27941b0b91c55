// Asks for one name: to create something or to rename it.

import { useMutation } from "@tanstack/react-query";
import { Form, Input, Modal } from "antd";
import { useTranslation } from "react-i18next";
import { OtherRefusal, useFieldRefusals } from "./refusals";
import { fittingText, requiredText } from "./textRules";
import { useReturnFocus } from "./useReturnFocus";

interface NameDialogProps {
    title: string;
    label: string;
    /** Names the action, never just "OK". */
    action: string;
    initial?: string;
    maxBytes: number;
    /** The proto path of the name, e.g. "group.name". */
    field: string;
    /** The page's words; its `violation` list says what is wrong with a name. */
    words: string;
    save: (name: string) => Promise<unknown>;
    onClose: () => void;
}

export function NameDialog(props: NameDialogProps) {
    const { title, label, action, initial = "", maxBytes, field, words, save, onClose } = props;
    const { t } = useTranslation("ui");
    const [form] = Form.useForm<{ name: string }>();
    const refusals = { fields: { [field]: "name" }, words };
    const show = useFieldRefusals(form, refusals);
    const saving = useMutation({
        mutationFn: ({ name }: { name: string }) => save(name),
        onSuccess: onClose,
        onError: show,
    });
    useReturnFocus();

    return (
        <Modal
            open
            title={title}
            okText={action}
            cancelText={t("cancel")}
            confirmLoading={saving.isPending}
            onOk={form.submit}
            onCancel={onClose}
            width={460}
        >
            <Form
                form={form}
                layout="vertical"
                requiredMark={false}
                initialValues={{ name: initial }}
                onFinish={saving.mutate}
            >
                <OtherRefusal error={saving.error} {...refusals} />
                <Form.Item
                    label={label}
                    name="name"
                    rules={[requiredText(t("error.FIELD_REQUIRED")), fittingText(maxBytes, t("tooLong"))]}
                >
                    <Input autoComplete="off" autoFocus />
                </Form.Item>
            </Form>
        </Modal>
    );
}
