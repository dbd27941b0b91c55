import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Alert, Form, type FormInstance, Input, Select } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { listGrants } from "#api/gen/smartpass/v1/pass_http";
import {
    createEmployee,
    type Employee,
    employeeMaxBytes,
    getEmployee,
    listEmployees,
    updateEmployee,
} from "#api/gen/smartpass/v1/people_http";
import { refresh } from "#api/query";
import { useGroups } from "#ui/GroupTree";
import { GuardedButton } from "#ui/GuardedButton";
import { fittingText, requiredText } from "#ui/textRules";
import { toast } from "#ui/toasts";
import { useErrorWords } from "#ui/useErrorWords";
import { PhotoField, useViolationWords } from "./PhotoField";
import { type EmployeeField, fieldProblems } from "./violations";

type EmployeeFields = Record<EmployeeField, string>;

const BLANK: EmployeeFields = {
    number: "",
    name: "",
    groupId: "0",
    phone: "",
    cardNumber: "",
    notes: "",
    photoId: "0",
};

interface EmployeeFormProps {
    /** undefined: somebody new. */
    employee: Employee | undefined;
    onChanged: () => void;
    onDone: () => void;
}

export function EmployeeForm({ employee, onChanged, onDone }: EmployeeFormProps) {
    const { t } = useTranslation("people");
    const [form] = Form.useForm<EmployeeFields>();
    const [checking, setChecking] = useState(false);
    const [photoFault, setPhotoFault] = useState<string>();
    const save = useSave(employee, form, setPhotoFault, onDone);
    const initial = employee ? fieldsOf(employee) : BLANK;

    return (
        <Form<EmployeeFields>
            form={form}
            layout="vertical"
            initialValues={initial}
            onValuesChange={onChanged}
            onFinish={(fields) => save.mutate(fields)}
            scrollToFirstError={{ focus: true }}
        >
            <OtherRefusal error={save.error} />
            <Form.Item
                label={t("form.photo")}
                name="photoId"
                validateStatus={photoFault ? "error" : ""}
                help={photoFault && <span role="alert">{photoFault}</span>}
            >
                <PhotoField onChecking={setChecking} onRefused={setPhotoFault} />
            </Form.Item>
            <DataFields />
            <GuardedButton
                type="primary"
                htmlType="submit"
                call={employee ? updateEmployee : createEmployee}
                blocked={checking ? t("photoField.waiting") : photoFault}
                loading={save.isPending}
            >
                {t(employee ? "form.save" : "form.create")}
            </GuardedButton>
        </Form>
    );
}

/** Everything but the photo. */
function DataFields() {
    const { t } = useTranslation("people");
    const groups = useGroups();
    const fits = (maxBytes: number) => fittingText(maxBytes, t("violation.FIELD_TOO_LONG"));
    const required = requiredText(t("violation.FIELD_REQUIRED"));
    return (
        <>
            <Form.Item label={t("form.name")} name="name" rules={[required, fits(employeeMaxBytes.name)]}>
                <Input autoComplete="off" />
            </Form.Item>
            <Form.Item
                label={t("form.number")}
                name="number"
                rules={[required, fits(employeeMaxBytes.number)]}
                extra={t("form.numberHint")}
            >
                <Input autoComplete="off" />
            </Form.Item>
            {groups.length > 1 && (
                <Form.Item label={t("form.group")} name="groupId">
                    <Select
                        options={[
                            { value: "0", label: t("form.defaultGroup") },
                            ...groups.map((group) => ({ value: group.id, label: group.name })),
                        ]}
                    />
                </Form.Item>
            )}
            <Form.Item label={t("form.phone")} name="phone" rules={[fits(employeeMaxBytes.phone)]}>
                <Input type="tel" autoComplete="off" />
            </Form.Item>
            <Form.Item label={t("form.card")} name="cardNumber" rules={[fits(employeeMaxBytes.cardNumber)]}>
                <Input autoComplete="off" />
            </Form.Item>
            <Form.Item label={t("form.notes")} name="notes" rules={[fits(employeeMaxBytes.notes)]}>
                <Input.TextArea rows={3} />
            </Form.Item>
        </>
    );
}

const fieldsOf = ({ number, name, groupId, phone, cardNumber, notes, photoId }: Employee): EmployeeFields => ({
    number,
    name,
    groupId,
    phone,
    cardNumber,
    notes,
    photoId,
});

function useSave(
    employee: Employee | undefined,
    form: FormInstance<EmployeeFields>,
    setPhotoFault: (words: string) => void,
    onDone: () => void,
) {
    const { t } = useTranslation("people");
    const client = useQueryClient();
    const words = useViolationWords();
    return useMutation({
        // The group is only in the form when there is something to choose.
        mutationFn: (fields: EmployeeFields) => {
            const data = { ...(employee ? fieldsOf(employee) : BLANK), ...fields };
            return employee
                ? updateEmployee({ employee: { ...data, id: employee.id } })
                : createEmployee({ employee: data });
        },
        onSuccess: (saved) => {
            const newPhoto = employee && saved.photoId !== employee.photoId && saved.deviceCount > 0;
            const message = newPhoto ? "form.savedPhoto" : employee ? "form.saved" : "form.created";
            toast("ok", t(message, { name: saved.name }));
            refresh(client, listEmployees, getEmployee, listGrants);
            onDone();
        },
        onError: (error) => {
            for (const { field, reason, description } of fieldProblems(error)) {
                const problem = words(reason, description);
                if (field === "photoId") setPhotoFault(problem);
                else form.setFields([{ name: field, errors: [problem] }]);
            }
        },
    });
}

/** A refusal of no field in particular. */
function OtherRefusal({ error }: { error: unknown }) {
    const words = useErrorWords();
    if (!error || fieldProblems(error).length > 0) return null;
    return <Alert className="form-alert" type="error" title={words(error)} role="alert" />;
}
