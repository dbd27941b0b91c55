// Writes the list into a file: all of it or what the filter shows. The file is made by an operation.

import "./exportWords";
import { useMutation } from "@tanstack/react-query";
import { Alert, Button, Form, Modal, Radio } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { cancelOperation, type Operation } from "#api/gen/smartpass/v1/operations_http";
import {
    downloadTransferFile,
    type ExportFormat,
    type ExportResult,
    exportFormatNames,
} from "#api/gen/smartpass/v1/transfer_http";
import { progressOf, resultOf } from "#api/operations";
import { DownloadIcon } from "#ui/icons";
import { ProgressBar } from "#ui/ProgressBar";
import { useOperation } from "#ui/useOperation";
import { useReturnFocus } from "#ui/useReturnFocus";
import type { Kind } from "./kinds";
import { filterRequest, isFiltered, type PeopleSearch } from "./search";
import { useReasonWords, useRefusalWords } from "./useReasonWords";

interface ExportDialogProps {
    kind: Kind;
    search: PeopleSearch;
    onClose: () => void;
}

export default function ExportDialog({ kind, search, onClose }: ExportDialogProps) {
    const { t, i18n } = useTranslation("export");
    const [filtered, setFiltered] = useState(isFiltered(search));
    const [format, setFormat] = useState<ExportFormat>("EXPORT_FORMAT_XLSX");
    const start = useMutation({
        mutationFn: () =>
            kind.exportList({ format, language: i18n.language, ...(filtered && { filter: filterRequest(search) }) }),
    });
    const operation = useOperation(start.data?.id ?? "").data ?? start.data;
    const words = useRefusalWords();
    useReturnFocus();
    return (
        <Modal
            open
            title={t(`titleOf.${kind.name}`)}
            onCancel={onClose}
            footer={
                operation ? (
                    <RunningFooter operation={operation} onClose={onClose} />
                ) : (
                    <>
                        <Button onClick={onClose}>{t("close")}</Button>
                        <Button type="primary" loading={start.isPending} onClick={() => start.mutate()}>
                            {t("start")}
                        </Button>
                    </>
                )
            }
        >
            {start.error && <Alert className="form-alert" type="error" title={words(start.error)} role="alert" />}
            {operation ? (
                <Running operation={operation} />
            ) : (
                <Form layout="vertical">
                    {isFiltered(search) && (
                        <Form.Item label={t("whom")}>
                            <Radio.Group
                                className="radio-lines"
                                aria-label={t("whom")}
                                value={filtered}
                                onChange={(event) => setFiltered(event.target.value)}
                                options={[
                                    { value: true, label: t("filtered") },
                                    { value: false, label: t("all") },
                                ]}
                            />
                        </Form.Item>
                    )}
                    <Form.Item label={t("format")}>
                        <Radio.Group
                            className="radio-lines"
                            aria-label={t("format")}
                            value={format}
                            onChange={(event) => setFormat(event.target.value)}
                            options={exportFormatNames.map((value) => ({ value, label: t(`formats.${value}`) }))}
                        />
                    </Form.Item>
                    <p className="meta">{t("hint")}</p>
                </Form>
            )}
        </Modal>
    );
}

function Running({ operation }: { operation: Operation }) {
    const { t } = useTranslation("export");
    const words = useReasonWords();
    const result = resultOf<ExportResult>(operation, "ExportResult");
    const { done, total, percent } = progressOf(operation);
    if (operation.state === "OPERATION_STATE_FAILED") {
        const reason = words(operation.error?.reason ?? "", operation.error?.message ?? "");
        return <Alert type="error" title={t("failed", { reason })} role="alert" />;
    }
    if (operation.state === "OPERATION_STATE_CANCELLED") return <p role="status">{t("cancelled")}</p>;
    return (
        <>
            <ProgressBar
                label={operation.kind}
                percent={percent}
                words={total > 0 ? t("progress", { done, total }) : t("progressUnknown", { done })}
                tone={operation.done ? "ok" : "running"}
            />
            <p role="status" className="form-note">
                {result ? t("done", { count: Number(result.rows) }) : t("later")}
            </p>
            {result && (
                <Button
                    type="primary"
                    icon={<DownloadIcon />}
                    href={downloadTransferFile({ id: result.fileId })}
                    download={result.fileName}
                >
                    {t("download", { name: result.fileName })}
                </Button>
            )}
        </>
    );
}

function RunningFooter({ operation, onClose }: { operation: Operation; onClose: () => void }) {
    const { t } = useTranslation("export");
    const cancel = useMutation({ mutationFn: () => cancelOperation({ id: operation.id }) });
    return (
        <>
            {!operation.done && (
                <Button
                    danger
                    loading={cancel.isPending}
                    disabled={operation.cancelRequested}
                    onClick={() => cancel.mutate()}
                >
                    {t("cancel")}
                </Button>
            )}
            <Button onClick={onClose}>{t("close")}</Button>
        </>
    );
}
