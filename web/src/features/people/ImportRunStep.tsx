// The last step of an import: how far it is, how it ended, and what failed.

import { useQuery } from "@tanstack/react-query";
import { Alert, Button, Skeleton } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Operation } from "#api/gen/smartpass/v1/operations_http";
import {
    downloadTransferFile,
    type ImportProblem,
    type ImportResult,
    listImportProblems,
} from "#api/gen/smartpass/v1/transfer_http";
import { progressOf, resultOf } from "#api/operations";
import { pageQuery } from "#api/query";
import { pageRequest } from "#lib/search";
import type { Column } from "#ui/DataTable";
import { DownloadIcon } from "#ui/icons";
import { Failure, Notice } from "#ui/Notice";
import { PagedTable } from "#ui/PagedTable";
import { ProgressBar } from "#ui/ProgressBar";
import { useOperation } from "#ui/useOperation";
import type { ImportKind } from "./importFile";
import { useReasonWords } from "./useReasonWords";

export function RunStep({ what, run }: { what: ImportKind; run: string }) {
    const { data, error, refetch } = useOperation(run);
    if (!data)
        return error ? <Failure error={error} onRetry={() => void refetch()} /> : <Skeleton active title={false} />;
    return (
        <>
            <Bar what={what} operation={data} />
            <Ending what={what} operation={data} />
            {Number(data.failures) > 0 && <Problems what={what} operation={data} />}
        </>
    );
}

const BAR_TONES = {
    OPERATION_STATE_UNSPECIFIED: "running",
    OPERATION_STATE_QUEUED: "running",
    OPERATION_STATE_RUNNING: "running",
    OPERATION_STATE_SUCCEEDED: "ok",
    OPERATION_STATE_FAILED: "bad",
    OPERATION_STATE_CANCELLED: "idle",
} as const satisfies Record<Operation["state"], unknown>;

function Bar({ what, operation }: { what: ImportKind; operation: Operation }) {
    const { t } = useTranslation("import");
    const { done, total, percent } = progressOf(operation);
    const failed = Number(operation.failures);
    const label = t(what === "photos" ? "progressPhotos" : "progressInformation", { done, total });
    const waits = operation.state === "OPERATION_STATE_QUEUED";
    return (
        <>
            <ProgressBar
                label={label}
                percent={percent}
                words={waits ? t("waiting") : label}
                tone={BAR_TONES[operation.state]}
            />
            {what === "photos" && <p role="status">{t("photoCounts", { done: Math.max(0, done - failed), failed })}</p>}
            {!operation.done && <p className="meta">{t(operation.cancelRequested ? "cancelling" : "goesOn")}</p>}
        </>
    );
}

/** How it ended. It is a success only when nothing failed. */
function Ending({ what, operation }: { what: ImportKind; operation: Operation }) {
    const { t } = useTranslation("import");
    const words = useReasonWords();
    if (operation.state === "OPERATION_STATE_CANCELLED")
        return <Alert className="form-alert" type="info" title={t("cancelled")} role="status" />;
    if (operation.state === "OPERATION_STATE_FAILED") {
        const reason = words(operation.error?.reason ?? "", operation.error?.message ?? "");
        return <Alert className="form-alert" type="error" title={t("failed", { reason })} role="alert" />;
    }
    const result = resultOf<ImportResult>(operation, "ImportResult");
    if (!result) return null;
    const counts = t("counts", { added: result.added, updated: result.updated, failed: result.failed });
    const success = what === "photos" ? "photosDone" : "informationDone";
    const clean = result.failed === 0;
    return (
        <>
            <Alert
                className="form-alert"
                type={clean ? "success" : "warning"}
                title={t(clean || what === "photos" ? success : "ended")}
                {...(what === "information" && { description: counts })}
                role="status"
            />
            {result.failedFileId !== "0" && <FailedRows fileId={result.failedFileId} />}
        </>
    );
}

function FailedRows({ fileId }: { fileId: string }) {
    const { t } = useTranslation("import");
    return (
        <p className="import-failed">
            <Button icon={<DownloadIcon />} href={downloadTransferFile({ id: fileId })} download>
                {t("failedRows")}
            </Button>
            <span className="meta">{t("failedRowsHint")}</span>
        </p>
    );
}

const POLL_MS = 2_000;

/** A dialog's own list: unlike a page's it does not belong into the address. */
function Problems({ what, operation }: { what: ImportKind; operation: Operation }) {
    const { t } = useTranslation("import");
    const [page, setPage] = useState({ page: 1, size: 10 });
    const list = useQuery({
        ...pageQuery(listImportProblems, { operationId: operation.id, ...pageRequest(page) }),
        // What the operation has done to its end is read once more after that.
        refetchInterval: operation.done ? false : POLL_MS,
        staleTime: 0,
    });
    return (
        <div className="panel import-rows">
            <div className="panel-head">
                <h2>{t("problems")}</h2>
            </div>
            <PagedTable
                key={operation.done ? "ended" : "running"}
                label={t("problems")}
                columns={useColumns(what)}
                rows={list.data?.problems}
                rowKey={({ row, column, reason }) => `${row} ${column} ${reason}`}
                rowName={({ row }) => String(row)}
                list={list}
                paging={page}
                onPaging={setPage}
                empty={<Notice title={t("noProblems")} />}
            />
        </div>
    );
}

function useColumns(what: ImportKind): readonly Column<ImportProblem>[] {
    const { t } = useTranslation("import");
    const words = useReasonWords();
    const reason: Column<ImportProblem> = {
        key: "reason",
        title: t("problem.reason"),
        render: (problem) => words(problem.reason, problem.message),
    };
    if (what === "photos")
        return [{ key: "file", title: t("problem.file"), lead: true, render: ({ column }) => column }, reason];
    return [
        { key: "row", title: t("problem.row"), lead: true, render: ({ row }) => row },
        { key: "column", title: t("problem.column"), render: ({ column }) => column },
        reason,
        { key: "value", title: t("problem.value"), render: ({ value }) => value },
    ];
}
