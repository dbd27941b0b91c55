// What came out of an operation: a file to download, the way to what failed, or the plain figures.

import { Link } from "@tanstack/react-router";
import { Button } from "antd";
import { useTranslation } from "react-i18next";
import type { Operation } from "#api/gen/smartpass/v1/operations_http";
import type { BatchDeleteResult } from "#api/gen/smartpass/v1/people_http";
import { downloadTransferFile, type ExportResult, type ImportResult } from "#api/gen/smartpass/v1/transfer_http";
import { resultOf } from "#api/operations";
import { Facts } from "#ui/Facts";
import { DownloadIcon } from "#ui/icons";
import { resultFacts } from "./result";

export function OperationResult({ operation }: { operation: Operation }) {
    const { t } = useTranslation("operations");
    const facts = useFacts(operation);
    return (
        <>
            {facts.length > 0 && (
                <section aria-labelledby="operation-result">
                    <h2 id="operation-result">{t("result")}</h2>
                    <Facts facts={facts} />
                </section>
            )}
            <div className="operation-ways">
                <ExportFile operation={operation} />
                <ImportLink operation={operation} />
                <ErasuresLink operation={operation} />
            </div>
        </>
    );
}

/** In the reader's words for the results that the console knows; figures are said even when they are 0. */
function useFacts(operation: Operation): readonly (readonly [string, string])[] {
    const { t } = useTranslation("operations");
    const imported = resultOf<ImportResult>(operation, "ImportResult");
    const exported = resultOf<ExportResult>(operation, "ExportResult");
    const deleted = resultOf<BatchDeleteResult>(operation, "BatchDeleteResult");
    if (imported)
        return [
            [t("results.added"), String(imported.added)],
            [t("results.updated"), String(imported.updated)],
            [t("results.failed"), String(imported.failed)],
        ];
    if (exported)
        return [
            [t("results.rows"), exported.rows],
            [t("results.file"), exported.fileName],
        ];
    if (deleted)
        return [
            [t("results.deleted"), String(deleted.deleted)],
            [t("results.failed"), String(deleted.failed)],
            [t("results.pending"), String(deleted.pending)],
        ];
    return resultFacts(operation.result);
}

function ExportFile({ operation }: { operation: Operation }) {
    const { t } = useTranslation("operations");
    const result = resultOf<ExportResult>(operation, "ExportResult");
    if (!result) return null;
    return (
        <Button
            type="primary"
            icon={<DownloadIcon />}
            href={downloadTransferFile({ id: result.fileId })}
            download={result.fileName}
        >
            {t("results.download", { name: result.fileName })}
        </Button>
    );
}

const IMPORTS: Readonly<Record<string, "information" | "photos">> = {
    "import employees": "information",
    "import photos": "photos",
};

/** Problems, failed rows and the way to go on are where the import was started. */
function ImportLink({ operation: { id, kind } }: { operation: Operation }) {
    const { t } = useTranslation("operations");
    const what = IMPORTS[kind];
    if (!what) return null;
    return (
        <Link to="/employees" search={{ import: what, run: id }}>
            {t("results.showImport")}
        </Link>
    );
}

function ErasuresLink({ operation }: { operation: Operation }) {
    const { t } = useTranslation("operations");
    if (!resultOf<BatchDeleteResult>(operation, "BatchDeleteResult")) return null;
    return <Link to="/erasures">{t("results.showErasures")}</Link>;
}
