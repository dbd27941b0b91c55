// Adds many employees, or the photos of many: a file, a look at it, and then what becomes of it. Once it runs, the address
// names the operation, so that a reload or the operation centre leads back here.

import "./import.css";
import "./importWords";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Drawer } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { listOperations } from "#api/gen/smartpass/v1/operations_http";
import { type ImportMode, importEmployees, importPhotos, previewImport } from "#api/gen/smartpass/v1/transfer_http";
import { query, refresh } from "#api/query";
import { toast } from "#ui/toasts";
import { useReturnFocus } from "#ui/useReturnFocus";
import { WizardSteps } from "#ui/WizardSteps";
import { FileStep } from "./ImportFileStep";
import { ImportFooter, RunFooter } from "./ImportFooter";
import { PreviewStep } from "./ImportPreviewStep";
import { RunStep } from "./ImportRunStep";
import { type ImportKind, MOST_ROWS } from "./importFile";
import { useRefusalWords } from "./useReasonWords";
import { useUpload } from "./useUpload";

interface ImportWizardProps {
    what: ImportKind;
    /** The operation that is followed; "": it has not begun. */
    run: string;
    onRun: (run: string) => void;
    /** Goes on with another import. */
    onNext: (what: ImportKind) => void;
    onClose: () => void;
}

export default function ImportWizard({ what, run, onRun, onNext, onClose }: ImportWizardProps) {
    const { t } = useTranslation("import");
    const upload = useUpload();
    const [mode, setMode] = useState<ImportMode>("IMPORT_MODE_KEEP");
    const [groupId, setGroupId] = useState("0");
    const importId = upload.file?.id ?? "";
    const preview = useQuery({ ...query(previewImport, { id: importId }), enabled: importId !== "" && run === "" });
    const start = useStart(what, { id: importId, mode, groupId }, onRun);
    useReturnFocus();
    const step = run !== "" ? 2 : importId !== "" ? 1 : 0;
    const startable = preview.data !== undefined && preview.data.total > 0 && preview.data.total <= MOST_ROWS;

    return (
        <Drawer
            open
            className="drawer wizard"
            title={t(what === "photos" ? "photosTitle" : "informationTitle")}
            size={860}
            onClose={onClose}
            mask={{ closable: false }}
            footer={
                run !== "" ? (
                    <RunFooter what={what} run={run} onNext={() => onNext("photos")} onClose={onClose} />
                ) : (
                    <ImportFooter
                        step={step === 0 ? 0 : 1}
                        startable={startable}
                        busy={start.isPending}
                        onBack={upload.reset}
                        onStart={() => start.mutate()}
                        onClose={onClose}
                    />
                )
            }
        >
            <WizardSteps label={t("steps")} current={step} steps={[t("stepFile"), t("stepPreview"), t("stepRun")]} />
            {step === 0 && <FileStep what={what} upload={upload} />}
            {step === 1 && (
                <PreviewStep
                    what={what}
                    fileName={upload.name}
                    preview={preview}
                    mode={mode}
                    onMode={setMode}
                    groupId={groupId}
                    onGroup={setGroupId}
                />
            )}
            {step === 2 && <RunStep what={what} run={run} />}
        </Drawer>
    );
}

interface StartRequest {
    id: string;
    mode: ImportMode;
    groupId: string;
}

function useStart(what: ImportKind, request: StartRequest, onRun: (run: string) => void) {
    const client = useQueryClient();
    const words = useRefusalWords();
    return useMutation({
        mutationFn: () => (what === "photos" ? importPhotos({ id: request.id }) : importEmployees(request)),
        onSuccess: (operation) => {
            refresh(client, listOperations);
            onRun(operation.id);
        },
        onError: (error) => toast("bad", words(error)),
    });
}
