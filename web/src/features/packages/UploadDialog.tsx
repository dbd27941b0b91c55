// A package on its way to the server, which checks its signature while it arrives.

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Button, Modal } from "antd";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { listPackages, uploadPackage } from "#api/gen/smartpass/v1/packages_http";
import { refresh } from "#api/query";
import { ProgressBar } from "#ui/ProgressBar";
import { OtherRefusal } from "#ui/refusals";
import { toast } from "#ui/toasts";
import { useReturnFocus } from "#ui/useReturnFocus";
import { megabytes } from "./rollouts";

const NONE = { name: "", sent: 0, total: 0 };

export default function UploadDialog({ onClose }: { onClose: () => void }) {
    const { t } = useTranslation("packages");
    const { t: ui } = useTranslation("ui");
    const client = useQueryClient();
    const input = useRef<HTMLInputElement>(null);
    const running = useRef<AbortController>(undefined);
    const [state, setState] = useState(NONE);
    const { mutate, isPending, error, reset } = useMutation({
        mutationFn: ({ file, signal }: { file: File; signal: AbortSignal }) =>
            uploadPackage(file, {
                signal,
                onProgress: (sent, total) => !signal.aborted && setState({ name: file.name, sent, total }),
            }),
        onSuccess: ({ version }) => {
            toast("ok", t("uploading.done", { version }));
            refresh(client, listPackages);
            onClose();
        },
    });
    useReturnFocus();
    // A dialog that closes takes what is under way with it.
    useEffect(() => () => running.current?.abort(), []);

    const choose = (file: File | undefined) => {
        if (!file) return;
        running.current?.abort();
        reset();
        running.current = new AbortController();
        setState({ name: file.name, sent: 0, total: file.size });
        mutate({ file, signal: running.current.signal });
    };
    const percent = state.total > 0 ? Math.floor((state.sent / state.total) * 100) : 0;
    return (
        <Modal
            open
            title={t("uploading.title")}
            onCancel={onClose}
            footer={<Button onClick={onClose}>{ui("cancel")}</Button>}
        >
            <OtherRefusal error={error} fields={{}} words="packages" />
            <p className="form-note">{t("uploading.hint")}</p>
            <input
                ref={input}
                type="file"
                className="sr-only"
                tabIndex={-1}
                aria-label={t("uploading.choose")}
                onChange={(event) => {
                    choose(event.target.files?.[0]);
                    event.target.value = "";
                }}
            />
            <Button disabled={isPending} onClick={() => input.current?.click()}>
                {t("uploading.choose")}
            </Button>
            {state.name !== "" && (
                <div className="package-progress">
                    <span className="row-name">{state.name}</span>
                    <ProgressBar
                        label={t("uploading.progress")}
                        percent={percent}
                        tone={error ? "bad" : "running"}
                        words={
                            isPending && percent === 100
                                ? t("uploading.checking")
                                : t("uploading.sent", { sent: megabytes(state.sent), total: megabytes(state.total) })
                        }
                    />
                </div>
            )}
        </Modal>
    );
}
