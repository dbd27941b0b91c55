// Where a wizard is: its steps in order, the ones behind it ticked.

import { TickIcon } from "./icons";

interface WizardStepsProps {
    label: string;
    steps: readonly string[];
    /** From 0. */
    current: number;
}

export function WizardSteps({ label, steps, current }: WizardStepsProps) {
    return (
        <ol className="step-line" aria-label={label}>
            {steps.map((step, index) => (
                <li
                    key={step}
                    className={index < current ? "is-done" : ""}
                    aria-current={index === current ? "step" : undefined}
                >
                    <span className="step-mark" aria-hidden="true">
                        {index < current ? <TickIcon size={12} /> : index + 1}
                    </span>
                    {step}
                </li>
            ))}
        </ol>
    );
}
