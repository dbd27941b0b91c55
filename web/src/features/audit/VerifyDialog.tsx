// Asks the server whether the chain of seals holds, alone or against a head that was kept elsewhere.

import { useMutation } from "@tanstack/react-query";
import { Alert, Button, Input, Modal, Spin } from "antd";
import { useEffect, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiError } from "#api/errors";
import { type VerifyAuditResponse, verifyAudit } from "#api/gen/smartpass/v1/audit_http";
import { CopyText } from "#ui/CopyText";
import { useErrorWords } from "#ui/useErrorWords";
import { useReturnFocus } from "#ui/useReturnFocus";

interface Anchor {
    anchorHead?: string;
    anchorSeal?: string;
}

export default function VerifyDialog({ onClose }: { onClose: () => void }) {
    const { t } = useTranslation("audit");
    const words = useErrorWords();
    useReturnFocus();
    const { mutate, data, error, isPending } = useMutation({ mutationFn: (anchor: Anchor) => verifyAudit(anchor) });
    useEffect(() => mutate({}), [mutate]);
    return (
        <Modal open title={t("verifyTitle")} footer={null} onCancel={onClose} width={560} destroyOnHidden>
            <div className="verdict" role="status" aria-busy={isPending}>
                {isPending && (
                    <p>
                        <Spin size="small" /> {t("verifyBusy")}
                    </p>
                )}
                {!isPending && error && <Alert type="error" title={wordsOf(error, words)} />}
                {!isPending && data && <Verdict verdict={data} />}
            </div>
            <AnchorForm busy={isPending} onSend={mutate} />
        </Modal>
    );
}

interface AnchorFormProps {
    busy: boolean;
    onSend: (anchor: Anchor) => void;
}

function AnchorForm({ busy, onSend }: AnchorFormProps) {
    const { t } = useTranslation("audit");
    const id = useId();
    const [head, setHead] = useState("");
    const [seal, setSeal] = useState("");
    return (
        <form
            onSubmit={(event) => {
                event.preventDefault();
                onSend({ anchorHead: head.trim(), anchorSeal: seal.trim() });
            }}
        >
            <fieldset className="anchor">
                <legend>{t("anchor")}</legend>
                <label htmlFor={`${id}-head`}>{t("anchorHead")}</label>
                <label htmlFor={`${id}-seal`}>{t("anchorSeal")}</label>
                <Input
                    id={`${id}-head`}
                    maxLength={64}
                    autoComplete="off"
                    spellCheck={false}
                    value={head}
                    onChange={(event) => setHead(event.target.value)}
                />
                <Input
                    id={`${id}-seal`}
                    inputMode="numeric"
                    maxLength={19}
                    autoComplete="off"
                    value={seal}
                    onChange={(event) => setSeal(event.target.value.replace(/\D/g, ""))}
                />
            </fieldset>
            <Button htmlType="submit" loading={busy}>
                {t("verifyAgain")}
            </Button>
        </form>
    );
}

/** What is wrong with the anchor stands in the violation. */
function wordsOf(error: unknown, words: (error: unknown) => string): string {
    const violation = error instanceof ApiError ? error.violations[0] : undefined;
    return violation?.description || words(error);
}

function Verdict({ verdict }: { verdict: VerifyAuditResponse }) {
    const { t } = useTranslation("audit");
    const { sealedRows, unsealedRows, firstBadRow, firstBadSeal, head } = verdict;
    const broken = firstBadSeal !== "0";
    const unsealed = Number(unsealedRows);
    return (
        <>
            {broken ? (
                <Alert
                    type="error"
                    showIcon
                    title={t("broken")}
                    description={
                        firstBadRow === "0"
                            ? t("brokenGap", { seal: firstBadSeal })
                            : t("brokenRow", { row: firstBadRow, seal: firstBadSeal })
                    }
                />
            ) : (
                <Alert
                    type="success"
                    showIcon
                    title={t("holds")}
                    description={t("holdsHint", { count: Number(sealedRows) })}
                />
            )}
            {unsealed > 0 && <p className="meta">{t("waiting", { count: unsealed })}</p>}
            {head && (
                <div>
                    <p>{t("head")}</p>
                    <CopyText text={`${head}@${sealedRows}`} label={t("head")} />
                    <p className="meta">{t("headHint")}</p>
                </div>
            )}
        </>
    );
}
