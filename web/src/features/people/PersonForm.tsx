// Everything that can be entered about a person of some kind, part by part.

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Alert, Form, type FormInstance } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { listGrants } from "#api/gen/smartpass/v1/pass_http";
import { refresh } from "#api/query";
import { ConfirmDialog } from "#ui/ConfirmDialog";
import { GuardedButton } from "#ui/GuardedButton";
import { toast } from "#ui/toasts";
import { FormFields } from "./FormFields";
import { formParts, type Person, type Values, valuesOf } from "./fields";
import { everybody, type Kind } from "./kinds";
import { PhotoField } from "./PhotoField";
import { fieldProblems, takenCard } from "./refusals";
import { useReasonWords, useRefusalWords } from "./useReasonWords";

interface PersonFormProps {
    kind: Kind;
    /** undefined: somebody new. */
    person: Person | undefined;
    /** Of somebody new. */
    place: { readonly groupId: string; readonly sectionId: string };
    onChanged: () => void;
    onDone: () => void;
}

export default function PersonForm({ kind, person, place, onChanged, onDone }: PersonFormProps) {
    const { t } = useTranslation("people");
    const [form] = Form.useForm<Values>();
    const [checking, setChecking] = useState(false);
    const [photoFault, setPhotoFault] = useState<string>();
    const save = useSave({ kind, person, form, setPhotoFault, onDone });
    const before = valuesOf(kind.fields, person);
    const initial = person ? before : { ...before, ...place };

    return (
        <Form<Values>
            form={form}
            layout="vertical"
            initialValues={initial}
            onValuesChange={(changed: Values) => {
                // Sections are the group's own.
                if (changed.groupId !== undefined) form.setFieldValue("sectionId", "0");
                onChanged();
            }}
            onFinish={(values) => save.start({ ...initial, ...values })}
            scrollToFirstError={{ focus: true }}
        >
            {save.other && <OtherRefusal error={save.other} />}
            <Form.Item
                label={t("field.photoId")}
                name="photoId"
                validateStatus={photoFault ? "error" : ""}
                help={photoFault && <span role="alert">{photoFault}</span>}
            >
                <PhotoField
                    fromDevice={kind.name !== "blacklist"}
                    personId={person?.id}
                    onChecking={setChecking}
                    onRefused={setPhotoFault}
                />
            </Form.Item>
            {formParts(kind.fields).map((part) => (
                <fieldset key={part.name} className="form-part">
                    <legend>{t(`part.${part.name}`)}</legend>
                    <FormFields kind={kind} part={part} person={person} />
                </fieldset>
            ))}
            <GuardedButton
                type="primary"
                htmlType="submit"
                call={person ? kind.update : kind.create}
                blocked={checking ? t("photoField.waiting") : photoFault}
                loading={save.busy}
            >
                {person ? t("form.save") : t(`of.${kind.name}.add`)}
            </GuardedButton>
            <ConfirmDialog
                open={save.card !== undefined}
                title={t("takeCard.title")}
                action={t("takeCard.action")}
                busy={save.busy}
                onConfirm={save.takeCard}
                onCancel={save.leaveCard}
            >
                {save.card?.holder ? t("takeCard.from", { holder: save.card.holder }) : t("takeCard.fromSomebody")}
            </ConfirmDialog>
        </Form>
    );
}

interface Saving {
    kind: Kind;
    person: Person | undefined;
    form: FormInstance<Values>;
    setPhotoFault: (words: string) => void;
    onDone: () => void;
}

/** Stores the person; when it is only that somebody else has the card, asks whether to take it and tries again. */
function useSave({ kind, person, form, setPhotoFault, onDone }: Saving) {
    const { t } = useTranslation("people");
    const client = useQueryClient();
    const words = useReasonWords();
    const [card, setCard] = useState<{ holder: string; values: Values }>();
    const save = useMutation({
        mutationFn: ({ values, takeCard }: { values: Values; takeCard: boolean }) =>
            kind.save({ ...values, ...(person && { id: person.id }) }, takeCard),
        onSuccess: (saved) => {
            const newPhoto = person && saved.photoId !== person.photoId && saved.deviceCount > 0;
            const message = newPhoto ? "form.savedPhoto" : person ? "form.saved" : "form.created";
            toast("ok", t(message, { name: saved.name }));
            refresh(client, ...everybody, listGrants);
            onDone();
        },
        onError: (error, { values, takeCard }) => {
            setCard(undefined);
            const taken = takenCard(error);
            if (taken && kind.passes && !takeCard) return setCard({ ...taken, values });
            const problems = fieldProblems(kind, error);
            for (const { field, reason, description } of problems) {
                const problem = words(reason, description);
                if (field === "photoId") setPhotoFault(problem);
                else form.setFields([{ name: field, errors: [problem] }]);
            }
            if (problems[0]) form.scrollToField(problems[0].field, { focus: true });
        },
    });
    return {
        start: (values: Values) => save.mutate({ values, takeCard: false }),
        busy: save.isPending,
        card,
        takeCard: () => card && save.mutate({ values: card.values, takeCard: true }),
        leaveCard: () => {
            setCard(undefined);
            form.setFields([{ name: "cardNumber", errors: [words("CARD_TAKEN", "")] }]);
        },
        /** A refusal of no field in particular. */
        other: card || fieldProblems(kind, save.error).length > 0 ? null : save.error,
    };
}

function OtherRefusal({ error }: { error: unknown }) {
    const words = useRefusalWords();
    return <Alert className="form-alert" type="error" title={words(error)} role="alert" />;
}
