// The fields of one part of a person's form.

import { Form, type FormRule, Input, Select } from "antd";
import { useTranslation } from "react-i18next";
import { genderNames } from "#api/gen/smartpass/v1/people_http";
import { DayField } from "#ui/DayField";
import { GroupSelect } from "#ui/GroupSelect";
import { useGroups, useSections } from "#ui/GroupTree";
import { fittingText, requiredText } from "#ui/textRules";
import {
    areReversed,
    type Field,
    type FormPart,
    isDay,
    maxBytes,
    type Person,
    type TextField,
    type Values,
} from "./fields";
import { HostSelect } from "./HostSelect";
import type { Kind } from "./kinds";

interface FormFieldsProps {
    kind: Kind;
    part: FormPart;
    person: Person | undefined;
}

export function FormFields({ kind, part, person }: FormFieldsProps) {
    return (
        <div className="form-pairs">
            {part.fields.map((field) => (
                <FormField key={field} kind={kind} field={field} person={person} />
            ))}
        </div>
    );
}

function FormField({ kind, field, person }: { kind: Kind; field: Field; person: Person | undefined }) {
    const { t } = useTranslation("people");
    switch (field) {
        case "photoId":
            return null;
        case "groupId":
            return <GroupField />;
        case "sectionId":
            return <SectionField kind={kind} />;
        case "gender":
            return (
                <Form.Item label={t("field.gender")} name="gender">
                    <Select
                        options={["GENDER_UNSPECIFIED" as const, ...genderNames].map((value) => ({
                            value,
                            label: t(`gender.${value}`),
                        }))}
                    />
                </Form.Item>
            );
        case "hostId":
            return (
                <Form.Item label={t("field.hostId")} name="hostId">
                    <HostSelect name={person?.hostName ?? ""} />
                </Form.Item>
            );
        default:
            return <TextFormField field={field} />;
    }
}

/** Those that take a whole line of the form. */
const WIDE: ReadonlySet<Field> = new Set(["address", "purpose", "notes", "consentNote"]);

const REQUIRED: ReadonlySet<Field> = new Set(["name", "number"]);

function TextFormField({ field }: { field: TextField }) {
    const { t, i18n } = useTranslation("people");
    const rules: FormRule[] = [fittingText(maxBytes[field], t("violation.FIELD_TOO_LONG"))];
    if (REQUIRED.has(field)) rules.unshift(requiredText(t("violation.FIELD_REQUIRED")));
    if (field === "employedUntil") rules.push(notBefore("employedFrom", t("violation.DATES_REVERSED")));
    const hint = `hint.${field}`;
    return (
        <Form.Item
            label={t(`field.${field}`)}
            name={field}
            rules={rules}
            {...(WIDE.has(field) && { className: "form-wide" })}
            {...(field === "employedUntil" && { dependencies: ["employedFrom"] })}
            {...(i18n.exists(hint, { ns: "people" }) && { extra: t(hint as "hint.number") })}
        >
            {isDay(field) ? <DayField /> : <TextInput field={field} />}
        </Form.Item>
    );
}

/** The form hands value, id and change down to whatever this renders. */
function TextInput({ field, ...given }: { field: TextField }) {
    if (field === "notes") return <Input.TextArea {...given} rows={3} />;
    return <Input {...given} {...(field === "phone" && { type: "tel" })} autoComplete="off" />;
}

const notBefore =
    (first: Field, message: string): FormRule =>
    ({ getFieldValue }) => ({
        validator: (_: unknown, last: string | undefined) =>
            areReversed(getFieldValue(first), last) ? Promise.reject(new Error(message)) : Promise.resolve(),
    });

function GroupField() {
    const { t } = useTranslation("people");
    const groups = useGroups();
    if (groups.length < 2) return null;
    return (
        <Form.Item label={t("field.groupId")} name="groupId">
            <GroupSelect groups={groups} />
        </Form.Item>
    );
}

/** Nothing while the group has no sections of its own. */
function SectionField({ kind }: { kind: Kind }) {
    const { t } = useTranslation("people");
    const form = Form.useFormInstance<Values>();
    const groupId = Form.useWatch("groupId", { form, preserve: true });
    const sections = useSections(kind.module).filter((section) => section.groupId === groupId);
    if (sections.length === 0) return null;
    return (
        <Form.Item label={t("field.sectionId")} name="sectionId">
            <Select
                options={[
                    { value: "0", label: t("form.defaultSection") },
                    ...sections.map(({ id, name }) => ({ value: id, label: name })),
                ]}
            />
        </Form.Item>
    );
}
