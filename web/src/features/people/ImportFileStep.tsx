// The first step of an import: the template, and the file on its way to the server.

import { Alert, Button } from "antd";
import { type DragEvent, useRef } from "react";
import { useTranslation } from "react-i18next";
import { downloadImportTemplate } from "#api/gen/smartpass/v1/transfer_http";
import { DownloadIcon } from "#ui/icons";
import { ProgressBar } from "#ui/ProgressBar";
import { bytesInWords, type ImportKind } from "./importFile";
import { useRefusalWords } from "./useReasonWords";
import type { Upload } from "./useUpload";

interface FileStepProps {
    what: ImportKind;
    upload: Upload;
}

const ACCEPT: Record<ImportKind, string> = { information: ".xlsx,.xls,.csv", photos: ".zip" };

export function FileStep({ what, upload }: FileStepProps) {
    const { t, i18n } = useTranslation("import");
    const words = useRefusalWords();
    return (
        <>
            {what === "information" ? (
                <section className="import-template">
                    <Button
                        icon={<DownloadIcon />}
                        href={downloadImportTemplate({ language: i18n.language })}
                        download="Personnel_import_template.xlsx"
                    >
                        {t("template")}
                    </Button>
                    <p className="meta">{t("templateHint")}</p>
                </section>
            ) : (
                <p className="form-note">{t("zipHint")}</p>
            )}
            <FileChoice what={what} upload={upload} />
            {upload.error !== null && upload.error !== undefined && (
                <Alert className="form-alert" type="error" title={words(upload.error)} role="alert" />
            )}
        </>
    );
}

function FileChoice({ what, upload }: FileStepProps) {
    const { t } = useTranslation("import");
    const input = useRef<HTMLInputElement>(null);
    const drop = (event: DragEvent) => {
        event.preventDefault();
        upload.choose(event.dataTransfer.files[0]);
    };
    return (
        // biome-ignore lint/a11y/noStaticElementInteractions: dropping is an extra; the button does the same
        <div className="import-drop" onDragOver={(event) => event.preventDefault()} onDrop={drop}>
            <input
                ref={input}
                type="file"
                accept={ACCEPT[what]}
                className="sr-only"
                aria-label={t(what === "photos" ? "zipChoose" : "sheetChoose")}
                onChange={(event) => {
                    upload.choose(event.target.files?.[0]);
                    // The same file can be chosen again after it was changed on disk.
                    event.target.value = "";
                }}
            />
            {upload.busy ? (
                <Sending upload={upload} />
            ) : (
                <>
                    <Button type="primary" tabIndex={-1} onClick={() => input.current?.click()}>
                        {t(what === "photos" ? "zipChoose" : "sheetChoose")}
                    </Button>
                    <span className="meta">{t("drop")}</span>
                    <p className="meta">{t(what === "photos" ? "zipRules" : "sheetRules")}</p>
                </>
            )}
        </div>
    );
}

function Sending({ upload }: { upload: Upload }) {
    const { t } = useTranslation("import");
    const { name, sent, total } = upload;
    const label = t("uploading", { name });
    return (
        <>
            <p role="status">{label}</p>
            <ProgressBar
                label={label}
                percent={total > 0 ? Math.floor((100 * sent) / total) : undefined}
                words={t("uploadProgress", { done: bytesInWords(sent), total: bytesInWords(total) })}
            />
            <Button onClick={upload.reset}>{t("stopUpload")}</Button>
        </>
    );
}
