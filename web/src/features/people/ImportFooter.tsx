// What can be done at each step of an import.

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { cancelOperation, getOperation, listOperations } from "#api/gen/smartpass/v1/operations_http";
import { refresh } from "#api/query";
import { toast } from "#ui/toasts";
import { useOperation } from "#ui/useOperation";
import type { ImportKind } from "./importFile";
import { useRefusalWords } from "./useReasonWords";

interface ImportFooterProps {
    step: 0 | 1;
    startable: boolean;
    busy: boolean;
    onBack: () => void;
    onStart: () => void;
    onClose: () => void;
}

/** Before it has begun. */
export function ImportFooter({ step, startable, busy, onBack, onStart, onClose }: ImportFooterProps) {
    const { t } = useTranslation("import");
    return (
        <div className="wizard-footer">
            {step === 1 ? <Button onClick={onBack}>{t("another")}</Button> : <span />}
            {step === 1 ? (
                <Button type="primary" disabled={!startable} loading={busy} onClick={onStart}>
                    {t("start")}
                </Button>
            ) : (
                <Button onClick={onClose}>{t("finish")}</Button>
            )}
        </div>
    );
}

interface RunFooterProps {
    what: ImportKind;
    run: string;
    onNext: () => void;
    onClose: () => void;
}

/** While it runs, and when it has ended. */
export function RunFooter({ what, run, onNext, onClose }: RunFooterProps) {
    const { t } = useTranslation("import");
    const client = useQueryClient();
    const words = useRefusalWords();
    const operation = useOperation(run).data;
    const cancel = useMutation({
        mutationFn: () => cancelOperation({ id: run }),
        onError: (error) => toast("bad", words(error)),
        onSettled: () => refresh(client, getOperation, listOperations),
    });
    const underWay = operation?.done === false;
    return (
        <div className="wizard-footer">
            {underWay ? (
                <Button
                    danger
                    loading={cancel.isPending}
                    disabled={operation.cancelRequested}
                    onClick={() => cancel.mutate()}
                >
                    {t("cancel")}
                </Button>
            ) : (
                <span />
            )}
            <span className="import-ends">
                {operation?.done && what === "information" && <Button onClick={onNext}>{t("photosNext")}</Button>}
                <Button type="primary" onClick={onClose}>
                    {t("finish")}
                </Button>
            </span>
        </div>
    );
}
