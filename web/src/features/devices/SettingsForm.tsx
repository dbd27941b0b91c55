// The settings of one terminal, of several, or of a group. Only what somebody touched is sent.

import "./settingsWords";
import "./settings.css";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Alert, Form, Skeleton } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiError } from "#api/errors";
import { getDevice, listDevices } from "#api/gen/smartpass/v1/devices_http";
import { getFleetHealth } from "#api/gen/smartpass/v1/monitor_http";
import { getSettings, type SettingsView, updateSettings } from "#api/gen/smartpass/v1/settings_http";
import { query, refresh } from "#api/query";
import { ConfirmDialog } from "#ui/ConfirmDialog";
import { GuardedButton } from "#ui/GuardedButton";
import { Failure, Notice } from "#ui/Notice";
import { useRefusalWords } from "#ui/refusals";
import { toast } from "#ui/toasts";
import { SettingField } from "./SettingField";
import { Refusals, SettingsProgress } from "./SettingsProgress";
import { type PartName, settingsOfPart } from "./settingParts";
import { changesOf, type Draft, fieldValue, nameOf, problemsOf, type SettingName, shownOf, updateOf } from "./settings";
import { type Target, targetRequest } from "./target";
import { useSettingWords } from "./useSettingWords";

const BUSY_POLL_MS = 1_000;
// Somebody may change something at a terminal meanwhile.
const IDLE_POLL_MS = 5_000;

interface SettingsFormProps {
    target: Target;
    parts: readonly PartName[];
    onChanged?: () => void;
    onSaved?: () => void;
}

export function SettingsForm({ target, ...form }: SettingsFormProps) {
    const { t } = useTranslation("settings");
    const request = targetRequest(target);
    const { data, error, refetch } = useQuery({
        ...query(getSettings, request),
        staleTime: 0,
        // Whoever is here wants to see the terminals take what they were told.
        refetchInterval: ({ state }) => (state.data && state.data.pendingCount > 0 ? BUSY_POLL_MS : IDLE_POLL_MS),
    });
    const empty = data?.deviceCount === 0 || (error instanceof ApiError && error.reason === "NO_DEVICE");
    if (empty) return <Notice title={t("emptyGroup")} />;
    if (error && !data) return <Failure error={error} onRetry={() => void refetch()} />;
    if (!data) return <Skeleton active title={false} paragraph={{ rows: 8 }} />;
    return <Fields view={data} target={target} {...form} />;
}

function Fields({ view, target, parts, onChanged, onSaved }: SettingsFormProps & { view: SettingsView }) {
    const { t } = useTranslation("settings");
    const words = useSettingWords();
    const [draft, setDraft] = useState<Draft>({});
    const [tried, setTried] = useState(false);
    const [asking, setAsking] = useState(false);
    const shown = shownOf(view);
    const changes = changesOf(shown, draft);
    const problems = problemsOf(shown, draft);
    const save = useSave(target, () => {
        setDraft({});
        setTried(false);
        setAsking(false);
        onSaved?.();
    });
    const many = view.deviceCount > 1 || target.kind === "group";

    const change = (name: SettingName, value: Draft[SettingName]) => {
        save.reset();
        setDraft(({ [name]: _, ...others }) => (value === undefined ? others : { ...others, [name]: value }));
        onChanged?.();
    };
    const submit = () => {
        setTried(true);
        if (problems.size > 0) focusOn([...problems.keys()][0]);
        else if (changes.length > 0 && many) setAsking(true);
        else if (changes.length > 0) save.mutate(updateOf(shown, draft));
    };
    const problemAt = (name: SettingName) => {
        const problem = problems.get(name);
        const touched = tried || draft[name] !== null;
        return problem && touched ? words.problem(name, problem) : save.refused.get(name);
    };

    return (
        <Form layout="vertical" requiredMark={false} onFinish={submit}>
            {many && <Overwriting view={view} target={target} />}
            {view.refusals.length > 0 && <Refusals view={view} />}
            {save.other && <Refusal error={save.other} />}
            <div className="settings-parts">
                {parts.map((part) => (
                    <fieldset key={part} className="settings-part">
                        <legend>{t(`part.${part}`)}</legend>
                        {settingsOfPart(part, target.kind === "group" ? 0 : view.deviceCount).map((name) => (
                            <SettingField
                                key={name}
                                name={name}
                                value={fieldValue(shown, draft, name)}
                                mixed={shown.mixed.has(name)}
                                problem={problemAt(name)}
                                onChange={(value) => change(name, value)}
                            />
                        ))}
                    </fieldset>
                ))}
            </div>
            <div className="settings-save">
                <GuardedButton
                    type="primary"
                    htmlType="submit"
                    call={updateSettings}
                    blocked={changes.length === 0 ? t("nothingChanged") : undefined}
                    loading={save.isPending}
                >
                    {many ? t("saveMany", { count: view.deviceCount }) : t("save")}
                </GuardedButton>
                {tried && problems.size > 0 && (
                    <span role="alert" className="field-error">
                        {t("wrong")}
                    </span>
                )}
                <SettingsProgress view={view} />
            </div>
            <ConfirmDialog
                open={asking}
                title={t("confirmTitle", { count: view.deviceCount })}
                action={t("confirm")}
                busy={save.isPending}
                onConfirm={() => save.mutate(updateOf(shown, draft))}
                onCancel={() => setAsking(false)}
            >
                <p>{t("confirmHint")}</p>
                <ul className="what-goes">
                    {changes.map((name) => (
                        <li key={name}>
                            {words.label(name)}: <strong>{words.value(name, draft[name])}</strong>
                        </li>
                    ))}
                </ul>
            </ConfirmDialog>
        </Form>
    );
}

function Overwriting({ view: { deviceCount }, target }: { view: SettingsView; target: Target }) {
    const { t } = useTranslation("settings");
    const words = target.kind === "group" ? "overwritesGroup" : "overwrites";
    return <Alert className="form-alert" type="warning" title={t(words, { count: deviceCount })} />;
}

function Refusal({ error }: { error: unknown }) {
    const words = useRefusalWords("settings");
    return <Alert className="form-alert" type="error" title={words(error)} role="alert" />;
}

function focusOn(name: SettingName | undefined): void {
    if (name) document.getElementById(`setting-${name}`)?.focus();
}

function useSave(target: Target, onSaved: () => void) {
    const { t, i18n } = useTranslation("settings");
    const client = useQueryClient();
    const request = targetRequest(target);
    const saving = useMutation({
        mutationFn: (update: ReturnType<typeof updateOf>) => updateSettings({ ...request, ...update } as never),
        onSuccess: (view) => {
            client.setQueryData(query(getSettings, request).queryKey, view);
            toast("ok", t("saved"));
            refresh(client, getSettings, getDevice, listDevices, getFleetHealth);
            onSaved();
        },
    });
    const violations = saving.error instanceof ApiError ? saving.error.violations : [];
    const refused = new Map(
        violations.flatMap(({ field, reason, description }) => {
            const name = nameOf(field.replace(/^settings\./, ""));
            const key = `violation.${reason}`;
            const words = i18n.exists(key, { ns: "settings" }) ? t(key as "violation.OUT_OF_RANGE") : description;
            return name ? [[name, words] as const] : [];
        }),
    );
    return { ...saving, refused, other: refused.size > 0 ? null : saving.error };
}
