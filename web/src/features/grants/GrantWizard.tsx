import "./grants.css";
import { useNavigate, useRouterState } from "@tanstack/react-router";
import { Button, Drawer, Steps, Tooltip } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { csv } from "#lib/csv";
import type { Selection } from "#ui/DataTable";
import type { PersonRef } from "#ui/grantWizard";
import { saveFile } from "#ui/saveFile";
import { useReturnFocus } from "#ui/useReturnFocus";
import { useTimes } from "#ui/useTimes";
import { MOST_DEVICES, MOST_PEOPLE } from "./limits";
import { DevicesStep, PeopleStep } from "./PickSteps";
import { ProgressStep } from "./ProgressStep";
import type { DeviceRef, Progress } from "./progress";
import { type Granting, useGranting } from "./useGranting";
import { ValidityStep } from "./ValidityStep";
import { PERMANENT, validityFault, validityRequest } from "./validity";

type Step = 0 | 1 | 2 | 3;

/** Lets people pass at terminals: whom, where, how long, and then what the terminals say. */
export default function GrantWizard() {
    const { t } = useTranslation("grants");
    const close = useClose();
    const choice = useChoice();
    const granting = useGranting();
    const [step, setStep] = useState<Step>(choice.people.size > 0 ? 1 : 0);
    useReturnFocus();
    const running = step === 3 && granting.progress !== undefined;
    const start = () => {
        setStep(3);
        granting.start(choice.batch());
    };
    const count = choice.people.size;

    return (
        <Drawer
            open
            className="drawer wizard"
            title={count > 0 ? t("wizard.title", { count }) : t("wizard.titleNone")}
            size={720}
            onClose={close}
            mask={{ closable: false }}
            footer={
                running && granting.progress ? (
                    <RunningFooter progress={granting.progress} granting={granting} onClose={close} />
                ) : (
                    <ChoosingFooter step={step} choice={choice} onStep={setStep} onStart={start} />
                )
            }
        >
            <Steps
                className="wizard-steps"
                size="small"
                current={step}
                responsive={false}
                aria-label={t("wizard.steps")}
                items={[
                    { title: t("wizard.people") },
                    { title: t("wizard.devices") },
                    { title: t("wizard.validity") },
                    { title: t("wizard.progress") },
                ]}
            />
            {step === 0 && <PeopleStep selection={choice.people} onSelect={choice.setPeople} />}
            {step === 1 && <DevicesStep selection={choice.devices} onSelect={choice.setDevices} />}
            {step === 2 && (
                <ValidityStep validity={choice.validity} fault={choice.fault} onChange={choice.setValidity} />
            )}
            {running && granting.progress && <ProgressStep progress={granting.progress} error={granting.error} />}
        </Drawer>
    );
}

function useClose(): () => void {
    const navigate = useNavigate();
    return () => void navigate({ to: ".", search: (search: object) => ({ ...search, grant: "" as const }) });
}

/** What the first three steps choose. */
function useChoice() {
    const { instantOf } = useTimes();
    const preset = useRouterState({ select: (state) => state.location.state.grantPeople });
    const [people, setPeople] = useState<Selection<PersonRef>>(
        () => new Map((preset ?? []).map((person) => [person.id, person])),
    );
    const [devices, setDevices] = useState<Selection<DeviceRef>>(new Map());
    const [validity, setValidity] = useState(PERMANENT);
    const fault = validityFault(validity, instantOf, Date.now());
    const batch = () => ({
        people: [...people.values()],
        devices: [...devices.values()],
        validity: validityRequest(validity, instantOf),
    });
    return { people, setPeople, devices, setDevices, validity, setValidity, fault, batch };
}

type Choice = ReturnType<typeof useChoice>;

interface ChoosingFooterProps {
    step: Step;
    choice: Choice;
    onStep: (step: Step) => void;
    onStart: () => void;
}

function ChoosingFooter({ step, choice, onStep, onStart }: ChoosingFooterProps) {
    const { t } = useTranslation("grants");
    const blocked = useBlocked(step, choice);
    const words = step === 2 ? t("wizard.start", { count: choice.devices.size }) : t("wizard.next");
    const go = () => (step === 2 ? onStart() : onStep((step + 1) as Step));
    return (
        <div className="wizard-footer">
            <Button disabled={step === 0} onClick={() => onStep((step - 1) as Step)}>
                {t("wizard.back")}
            </Button>
            <Tooltip title={blocked}>
                <Button
                    type="primary"
                    className={blocked ? "is-blocked" : ""}
                    aria-disabled={blocked !== undefined}
                    onClick={() => !blocked && go()}
                >
                    {words}
                </Button>
            </Tooltip>
        </div>
    );
}

/** Why this step is not finished yet. */
function useBlocked(step: Step, { people, devices, fault }: Choice): string | undefined {
    const { t } = useTranslation("grants");
    if (step === 0 && people.size === 0) return t("wizard.choosePeople");
    if (step === 0 && people.size > MOST_PEOPLE) return t("wizard.tooManyPeople", { count: MOST_PEOPLE });
    if (step === 1 && devices.size === 0) return t("wizard.chooseDevices");
    if (step === 1 && devices.size > MOST_DEVICES) return t("wizard.tooManyDevices", { count: MOST_DEVICES });
    if (step === 2 && fault) return t(`wizard.${fault}`);
    return undefined;
}

interface RunningFooterProps {
    progress: Progress;
    granting: Granting;
    onClose: () => void;
}

function RunningFooter({ progress, granting, onClose }: RunningFooterProps) {
    const { t } = useTranslation("grants");
    const left = progress.total - progress.ok - progress.failed;
    const failures = progress.failures.length;
    const download = () => {
        const head = [t("progress.number"), t("progress.name"), t("device"), t("progress.reason")];
        const rows = progress.failures.map(({ person, device, reason }) => [
            person.number,
            person.name,
            device.name,
            t(`failure.${reason}`),
        ]);
        saveFile(csv([head, ...rows]), t("progress.file"), "text/csv");
    };
    return (
        <div className="wizard-footer">
            <Button type="primary" ghost onClick={onClose}>
                {t(left > 0 ? "progress.keepRunning" : "progress.close")}
            </Button>
            {failures > 0 && (
                <>
                    <Button loading={granting.sending} onClick={() => granting.retry(progress.failures)}>
                        {t("progress.retryFailed")}
                    </Button>
                    <Button onClick={download}>{t("progress.download", { count: failures })}</Button>
                </>
            )}
        </div>
    );
}
