// The second step of an import: what was understood of the file, and what to do about those who are there already.

import type { UseQueryResult } from "@tanstack/react-query";
import { Alert, Radio } from "antd";
import { useTranslation } from "react-i18next";
import {
    type ImportMode,
    type ImportPreview,
    type ImportProblem,
    type ImportRow,
    importModeNames,
} from "#api/gen/smartpass/v1/transfer_http";
import { type Column, DataTable } from "#ui/DataTable";
import { GroupSelect } from "#ui/GroupSelect";
import { useGroups } from "#ui/GroupTree";
import { BusyIcon } from "#ui/icons";
import {
    type ImportKind,
    ignoredHeaders,
    MOST_ROWS,
    problemsAt,
    problemsElsewhere,
    rowsWithProblems,
} from "./importFile";
import { useReasonWords, useRefusalWords } from "./useReasonWords";

interface PreviewStepProps {
    what: ImportKind;
    fileName: string;
    preview: UseQueryResult<ImportPreview>;
    mode: ImportMode;
    onMode: (mode: ImportMode) => void;
    groupId: string;
    onGroup: (groupId: string) => void;
}

export function PreviewStep({ what, fileName, preview, ...choice }: PreviewStepProps) {
    const { t } = useTranslation("import");
    return (
        <>
            <p role="status" className="form-note">
                {t("uploaded", { name: fileName })}
            </p>
            {preview.isPending && (
                <p className="import-reading">
                    <BusyIcon /> {t("reading")}
                </p>
            )}
            {preview.error && <Unreadable error={preview.error} />}
            {preview.data && <Content what={what} preview={preview.data} />}
            {preview.data && what === "information" && <Choice {...choice} />}
        </>
    );
}

function Unreadable({ error }: { error: unknown }) {
    const { t } = useTranslation("import");
    const words = useRefusalWords();
    return <Alert type="error" title={t("unreadable")} description={words(error)} role="alert" />;
}

function Content({ what, preview }: { what: ImportKind; preview: ImportPreview }) {
    const { t } = useTranslation("import");
    const ignored = ignoredHeaders(preview);
    const troubled = rowsWithProblems(preview);
    const { total, sheetName: sheet } = preview;
    const size = (count: number) => {
        if (what === "photos") return t("pictures", { count });
        return sheet ? t("rows", { count, sheet }) : t("rowsOnly", { count });
    };
    return (
        <>
            {total > MOST_ROWS ? (
                <Alert type="error" title={t("rowsMore", { total: MOST_ROWS })} role="alert" />
            ) : (
                <p className="import-size">{size(total)}</p>
            )}
            {ignored.length > 0 && (
                <Alert
                    className="form-alert"
                    type="info"
                    title={t("ignoredColumns", { count: ignored.length, names: ignored.join(", ") })}
                />
            )}
            {troubled > 0 && (
                <Alert className="form-alert" type="warning" title={t("problemsAhead", { count: troubled })} />
            )}
            {preview.rows.length > 0 && <Rows preview={preview} />}
        </>
    );
}

function Rows({ preview }: { preview: ImportPreview }) {
    const { t } = useTranslation("import");
    return (
        <div className="panel import-rows">
            <DataTable
                label={t("first", { count: preview.rows.length })}
                columns={useColumns(preview)}
                rows={preview.rows}
                rowKey={({ row }) => String(row)}
                rowName={({ row }) => String(row)}
                onRetry={() => undefined}
                empty={null}
            />
        </div>
    );
}

function useColumns({ columns }: ImportPreview): readonly Column<ImportRow>[] {
    const { t } = useTranslation("import");
    const headers = columns.map(({ header }) => header);
    return [
        { key: "row", title: t("row"), lead: true, render: ({ row }) => row },
        ...columns.map(({ header, field }, index) => ({
            key: `cell ${index}`,
            title: field === "" && header !== "" ? `${header} (${t("ignored")})` : header,
            render: (row: ImportRow) => <Cell value={row.cells[index] ?? ""} problems={problemsAt(row, header)} />,
        })),
        {
            key: "problems",
            title: t("problem.reason"),
            render: (row) => {
                if (row.problems.length === 0) return <span className="meta">{t("rowOk")}</span>;
                return <Cell value="" problems={problemsElsewhere(row, headers)} />;
            },
        },
    ];
}

function Cell({ value, problems }: { value: string; problems: readonly ImportProblem[] }) {
    const words = useReasonWords();
    return (
        <div className="stack">
            {value}
            {problems.map(({ reason, message }) => (
                <span key={reason} className="field-error meta">
                    {words(reason, message)}
                </span>
            ))}
        </div>
    );
}

const MODE_WORDS = { IMPORT_MODE_KEEP: "keep", IMPORT_MODE_OVERWRITE: "overwrite" } as const;

type ChoiceProps = Pick<PreviewStepProps, "mode" | "onMode" | "groupId" | "onGroup">;

function Choice({ mode, onMode, groupId, onGroup }: ChoiceProps) {
    const { t } = useTranslation("import");
    const groups = useGroups();
    return (
        <div className="import-choice">
            <fieldset className="field-group">
                <legend>{t("mode")}</legend>
                <Radio.Group
                    className="radio-lines"
                    aria-label={t("mode")}
                    value={mode}
                    onChange={(event) => onMode(event.target.value)}
                    options={importModeNames.map((value) => ({ value, label: t(MODE_WORDS[value]) }))}
                />
            </fieldset>
            {groups.length > 1 && (
                <div className="field-group">
                    <label htmlFor="import-group">{t("group")}</label>
                    <GroupSelect
                        id="import-group"
                        groups={groups}
                        value={groupId === "0" ? (groups[0]?.id ?? "0") : groupId}
                        onChange={onGroup}
                    />
                </div>
            )}
        </div>
    );
}
