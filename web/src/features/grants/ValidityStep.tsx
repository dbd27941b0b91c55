import { Radio } from "antd";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { useTimes } from "#ui/useTimes";
import type { Validity, ValidityFault } from "./validity";

// The calendar is large, and most grants have no end.
const WallRange = lazy(async () => ({ default: (await import("#ui/WallRange")).WallRange }));

interface ValidityStepProps {
    validity: Validity;
    /** Shown once there is something to complain about. */
    fault: ValidityFault | undefined;
    onChange: (validity: Validity) => void;
}

export function ValidityStep({ validity, fault, onChange }: ValidityStepProps) {
    const { t } = useTranslation("grants");
    const { zone } = useTimes();
    return (
        <>
            <Radio.Group
                className="validity"
                aria-label={t("wizard.validity")}
                value={validity.permanent}
                onChange={(event) => onChange({ ...validity, permanent: event.target.value as boolean })}
            >
                <Radio value={true}>
                    {t("wizard.permanent")}
                    <span className="meta">{t("wizard.permanentHint")}</span>
                </Radio>
                <Radio value={false}>
                    {t("wizard.temporary")}
                    <span className="meta">{t("wizard.temporaryHint", { zone })}</span>
                </Radio>
            </Radio.Group>
            {!validity.permanent && (
                <div className="validity-range">
                    <Suspense fallback={null}>
                        <WallRange
                            from={validity.from}
                            to={validity.to}
                            labels={[t("wizard.from"), t("wizard.to")]}
                            invalid={fault !== undefined && fault !== "rangeMissing"}
                            onChange={(range) => onChange({ ...validity, ...range })}
                        />
                    </Suspense>
                    {fault && (
                        <p className={fault === "rangeMissing" ? "meta" : "field-error"} role="status">
                            {t(`wizard.${fault}`)}
                        </p>
                    )}
                </div>
            )}
            <p className="meta">{t("wizard.replaces")}</p>
        </>
    );
}
