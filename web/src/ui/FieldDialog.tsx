// Asks for one value and saves it; what the server refuses stands beside the field.

import { useMutation } from "@tanstack/react-query";
import { Form, type FormRule, Modal } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { OtherRefusal, useFieldRefusals } from "./refusals";
import { useReturnFocus } from "./useReturnFocus";

interface FieldDialogProps {
    title: string;
    label: string;
    /** Names the action, never just "OK". */
    action: string;
    /** Pixels. */
    width?: number;
    /** undefined: nothing yet. */
    initial: string | undefined;
    rules: FormRule[];
    /** The proto paths that speak of the value, e.g. "group.name". */
    refusedAt: readonly string[];
    /** The page's words; its `violation` list says what is wrong with a value. */
    words: string;
    save: (value: string) => Promise<unknown>;
    onClose: () => void;
    /** The input; gets its value from the form. */
    children: ReactNode;
    hint?: ReactNode;
}

export function FieldDialog(props: FieldDialogProps) {
    const {
        title,
        label,
        action,
        width = 460,
        initial,
        rules,
        refusedAt,
        words,
        save,
        onClose,
        children,
        hint,
    } = props;
    const { t } = useTranslation("ui");
    const [form] = Form.useForm<{ value: string }>();
    const refusals = { fields: Object.fromEntries(refusedAt.map((path) => [path, "value"])), words };
    const show = useFieldRefusals(form, refusals);
    const saving = useMutation({
        mutationFn: ({ value }: { value: string }) => save(value),
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
            width={width}
        >
            <Form
                form={form}
                layout="vertical"
                requiredMark={false}
                initialValues={{ value: initial }}
                onFinish={saving.mutate}
            >
                <OtherRefusal error={saving.error} {...refusals} />
                <Form.Item label={label} name="value" rules={rules}>
                    {children}
                </Form.Item>
            </Form>
            {hint && <p className="meta">{hint}</p>}
        </Modal>
    );
}
