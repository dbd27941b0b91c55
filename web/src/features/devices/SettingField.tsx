// One setting as its rule says: a switch, a number in its range, a choice, a text. Where terminals differ it says so, and
// shows no value until somebody chooses one.

import { Button, Form, Input, InputNumber, Select, Switch } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { BangIcon } from "#ui/icons";
import { Pill } from "#ui/Pill";
import {
    type ChoiceRule,
    clockOf,
    dangerOf,
    minutesOf,
    type NumberRule,
    numberOf,
    ruleOf,
    type SettingName,
    scaleOf,
    shownNumber,
    USUAL_COMPENSATION,
    type Value,
} from "./settings";
import { useSettingWords } from "./useSettingWords";

interface SettingFieldProps {
    name: SettingName;
    /** undefined: the terminals differ. */
    value: Value | null | undefined;
    mixed: boolean;
    /** In words. */
    problem: string | undefined;
    onChange: (value: Value | null | undefined) => void;
}

interface ControlProps extends SettingFieldProps {
    id: string;
    described: string;
}

export function SettingField(props: SettingFieldProps) {
    const { name, mixed, problem, value } = props;
    const { t } = useTranslation("settings");
    const words = useSettingWords();
    const id = `setting-${name}`;
    const described = `${id}-notes`;
    const danger = dangerOf(name, value);
    const notes = (
        <div id={described} className="setting-notes">
            {mixed && (
                <span title={t("mixedHint")}>
                    <Pill tone="info" plain>
                        {t("mixed")}
                    </Pill>
                </span>
            )}
            {[words.hint(name), words.range(name)].filter(Boolean).map((note) => (
                <span key={note}>{note}</span>
            ))}
            {danger && (
                <p className="setting-danger">
                    <BangIcon size={12} />
                    {t(`danger.${danger}`)}
                </p>
            )}
        </div>
    );
    if (ruleOf(name).kind === "switch" && !mixed)
        return (
            <SwitchRow label={words.label(name)} labelId={`${id}-label`} notes={notes} problem={problem}>
                <Switch
                    id={id}
                    aria-labelledby={`${id}-label`}
                    aria-describedby={described}
                    checked={value === true}
                    onChange={props.onChange}
                />
            </SwitchRow>
        );
    return (
        <Form.Item
            label={words.label(name)}
            htmlFor={id}
            extra={notes}
            validateStatus={problem ? "error" : ""}
            help={problem && <span role="alert">{problem}</span>}
        >
            <Control {...props} id={id} described={described} />
        </Form.Item>
    );
}

interface SwitchRowProps {
    label: string;
    labelId: string;
    notes: ReactNode;
    problem: string | undefined;
    children: ReactNode;
}

const SwitchRow = ({ label, labelId, notes, problem, children }: SwitchRowProps) => (
    <div className="switch-field">
        <div className="meta">
            <span id={labelId} className="switch-label">
                {label}
            </span>
            {notes}
            {problem && (
                <span role="alert" className="field-error">
                    {problem}
                </span>
            )}
        </div>
        {children}
    </div>
);

function Control(props: ControlProps) {
    const rule = ruleOf(props.name);
    if (props.name === "restartMinute") return <Clock {...props} />;
    if (rule.kind === "switch") return <MixedSwitch {...props} />;
    if (rule.kind === "choice") return <Choice {...props} rule={rule} />;
    if (rule.kind === "number") return <NumberField {...props} rule={rule} />;
    return props.name === "password" ? <Pin {...props} /> : <Line {...props} />;
}

/** A switch cannot stand in the middle: where the terminals differ it is a choice of two. */
function MixedSwitch({ id, described, value, onChange }: ControlProps) {
    const { t } = useTranslation("settings");
    return (
        <Select
            id={id}
            aria-describedby={described}
            allowClear
            placeholder={t("mixed")}
            value={value === undefined || value === null ? null : value ? "on" : "off"}
            options={[
                { value: "on", label: t("on") },
                { value: "off", label: t("off") },
            ]}
            onChange={(next: string | undefined) => onChange(next === undefined ? undefined : next === "on")}
        />
    );
}

function Choice({ id, described, rule, mixed, value, onChange }: ControlProps & { rule: ChoiceRule }) {
    const { t } = useTranslation("settings");
    const words = useSettingWords();
    return (
        <Select
            id={id}
            aria-describedby={described}
            allowClear={mixed}
            placeholder={t("mixed")}
            value={typeof value === "string" ? value : null}
            options={rule.values.map((one) => ({ value: one, label: words.choice(one) }))}
            onChange={(next: string | undefined) => onChange(next)}
        />
    );
}

function NumberField({ id, described, name, rule, mixed, value, onChange }: ControlProps & { rule: NumberRule }) {
    const { t } = useTranslation("settings");
    const { per, unit, decimals } = scaleOf(rule);
    const input = (
        <InputNumber
            id={id}
            aria-describedby={described}
            step={rule.step / per}
            precision={decimals}
            suffix={unit}
            placeholder={mixed ? t("mixed") : ""}
            value={typeof value === "number" ? shownNumber(rule, value) : null}
            onChange={(next) => onChange(next === null ? emptied(mixed) : numberOf(rule, next))}
        />
    );
    if (name !== "compensationTenths") return input;
    return (
        <span className="setting-pair">
            {input}
            <Button aria-label={t("usualLabel")} onClick={() => onChange(USUAL_COMPENSATION)}>
                {t("usual")}
            </Button>
        </span>
    );
}

/** An emptied field of a setting in which terminals differ leaves each its own. */
const emptied = (mixed: boolean) => (mixed ? undefined : null);

function Clock({ id, described, mixed, value, onChange }: ControlProps) {
    return (
        <Input
            id={id}
            className="setting-clock"
            type="time"
            aria-describedby={described}
            value={typeof value === "number" ? clockOf(value) : ""}
            onChange={(event) => onChange(minutesOf(event.target.value) ?? emptied(mixed))}
        />
    );
}

function Pin({ id, described, value, onChange }: ControlProps) {
    return (
        <Input.Password
            id={id}
            className="setting-pin"
            aria-describedby={described}
            inputMode="numeric"
            autoComplete="new-password"
            maxLength={6}
            value={typeof value === "string" ? value : ""}
            onChange={(event) => onChange(event.target.value === "" ? undefined : event.target.value)}
        />
    );
}

function Line({ id, described, mixed, value, onChange }: ControlProps) {
    const { t } = useTranslation("settings");
    return (
        <Input
            id={id}
            aria-describedby={described}
            autoComplete="off"
            placeholder={mixed ? t("mixed") : ""}
            value={typeof value === "string" ? value : ""}
            onChange={(event) => onChange(event.target.value === "" ? emptiedText(mixed) : event.target.value)}
        />
    );
}

const emptiedText = (mixed: boolean) => (mixed ? undefined : "");
