import { Button, Skeleton } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Profile } from "#api/gen/smartpass/v1/account_http";
import { Failure } from "#ui/Notice";
import { Pill } from "#ui/Pill";
import { RemoveFactorDialog } from "./RemoveFactorDialog";
import { SetUpDialog } from "./SetUpDialog";
import { useProfile } from "./useProfile";

export default function SecurityPanel() {
    const { data, error, refetch } = useProfile();
    if (error && !data) return <Failure error={error} onRetry={() => void refetch()} />;
    if (!data) return <Skeleton active title={false} />;
    return <SecondFactor profile={data} />;
}

const FEW_CODES = 3;

function SecondFactor({ profile }: { profile: Profile }) {
    const { t } = useTranslation("account");
    const [open, setOpen] = useState<"" | "setUp" | "remove">("");
    const close = () => setOpen("");
    const { secondFactor, recoveryCodes, external } = profile;
    return (
        <section className="panel" aria-labelledby="factor">
            <div className="panel-head">
                <h2 id="factor">{t("factor.title")}</h2>
                <Pill tone={secondFactor ? "ok" : "idle"}>{t(secondFactor ? "factor.on" : "factor.off")}</Pill>
            </div>
            <div className="panel-body factor">
                <p>{t(external ? "factor.external" : secondFactor ? "factor.onHint" : "factor.offHint")}</p>
                {secondFactor && (
                    <p>
                        <Pill tone={recoveryCodes > FEW_CODES ? "idle" : "warn"}>
                            {t("factor.codesLeft", { count: recoveryCodes })}
                        </Pill>{" "}
                        {recoveryCodes <= FEW_CODES && <span className="meta">{t("factor.fewCodes")}</span>}
                    </p>
                )}
                {!external && (
                    <div className="page-actions">
                        {secondFactor ? (
                            <Button danger onClick={() => setOpen("remove")}>
                                {t("factor.remove")}
                            </Button>
                        ) : (
                            <Button type="primary" onClick={() => setOpen("setUp")}>
                                {t("factor.setUp")}
                            </Button>
                        )}
                    </div>
                )}
            </div>
            {open === "setUp" && <SetUpDialog username={profile.username} onClose={close} />}
            {open === "remove" && <RemoveFactorDialog username={profile.username} onClose={close} />}
        </section>
    );
}
