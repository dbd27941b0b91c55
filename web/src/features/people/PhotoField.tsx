// Chooses a photo, has the server check it, and says why it does not fit.

import { useMutation } from "@tanstack/react-query";
import { Button, Spin } from "antd";
import { type DragEvent, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiError } from "#api/errors";
import { uploadPhoto } from "#api/gen/smartpass/v1/people_http";
import { CameraIcon } from "#ui/icons";
import { PersonPhoto } from "#ui/Photo";
import { useErrorWords } from "#ui/useErrorWords";
import { fieldProblems, obviousFault } from "./violations";

interface PhotoFieldProps {
    /** As antd's Form.Item hands it down. */
    id?: string;
    value?: string;
    onChange?: (photoId: string) => void;
    onChecking: (checking: boolean) => void;
    /** Words for why the photo was refused; undefined: nothing is wrong. */
    onRefused: (words: string | undefined) => void;
}

export function PhotoField(props: PhotoFieldProps) {
    const { id, value = "0" } = props;
    const { t } = useTranslation("people");
    const input = useRef<HTMLInputElement>(null);
    const { preview, choose, remove, checking, accepted } = useChosenPhoto(props);
    const drop = (event: DragEvent) => {
        event.preventDefault();
        choose(event.dataTransfer.files[0]);
    };
    const has = preview !== null || value !== "0";
    return (
        // biome-ignore lint/a11y/noStaticElementInteractions: dropping is an extra; the button does the same
        <div className="photo-field" onDragOver={(event) => event.preventDefault()} onDrop={drop}>
            <div className="photo-frame">
                {preview ? (
                    <img src={preview} alt={t("photoField.preview")} />
                ) : (
                    <PersonPhoto photoId={value} full className="photo-full" />
                )}
                {checking && <Spin className="photo-spin" />}
            </div>
            <div className="photo-side">
                <input
                    ref={input}
                    id={id}
                    type="file"
                    accept="image/jpeg,image/png"
                    className="sr-only"
                    aria-label={t("form.photo")}
                    aria-describedby="photo-rules"
                    onChange={(event) => {
                        choose(event.target.files?.[0]);
                        // The same file can be chosen again after it was changed on disk.
                        event.target.value = "";
                    }}
                />
                <div className="photo-buttons">
                    <Button icon={<CameraIcon />} tabIndex={-1} onClick={() => input.current?.click()}>
                        {t(has ? "photoField.replace" : "photoField.choose")}
                    </Button>
                    {has && <Button onClick={remove}>{t("photoField.remove")}</Button>}
                </div>
                <p className="meta" id="photo-rules">
                    {t("photoField.rules")}
                </p>
                <p className="photo-state" role="status">
                    {checking && t("photoField.checking")}
                    {accepted && t("photoField.accepted")}
                </p>
            </div>
        </div>
    );
}

/** What was chosen last, and what the server says to it. */
function useChosenPhoto({ value = "0", onChange, onChecking, onRefused }: PhotoFieldProps) {
    const [preview, setPreview] = usePreview();
    const [before] = useState(value);
    const refusalWords = useRefusalWords();
    const running = useRef<AbortController>(undefined);
    const upload = useMutation({
        mutationFn: ({ file, signal }: { file: File; signal: AbortSignal }) => uploadPhoto(file, { signal }),
        onSuccess: (photo, { signal }) => !signal.aborted && onChange?.(photo.id),
        onError: (error, { signal }) => !signal.aborted && onRefused(refusalWords(error)),
        onSettled: (_photo, _error, { signal }) => !signal.aborted && onChecking(false),
    });

    /** Whatever was under way no longer counts. */
    const start = (file: File | null) => {
        running.current?.abort();
        upload.reset();
        setPreview(file);
        onRefused(undefined);
        onChecking(false);
    };
    const choose = (file: File | undefined) => {
        if (!file) return;
        start(file);
        const fault = obviousFault(file);
        if (fault) return onRefused(refusalWords(fault));
        running.current = new AbortController();
        onChecking(true);
        upload.mutate({ file, signal: running.current.signal });
    };
    /** Taking back what was just chosen leaves the photo that the person had. */
    const remove = () => {
        start(null);
        onChange?.(preview ? before : "0");
    };
    return { preview, choose, remove, checking: upload.isPending, accepted: upload.isSuccess && preview !== null };
}

/** A picture from this computer, shown before the server has it. */
function usePreview(): [string | null, (file: File | null) => void] {
    const [url, setUrl] = useState<string | null>(null);
    useEffect(() => {
        if (!url) return;
        return () => URL.revokeObjectURL(url);
    }, [url]);
    return [url, (file) => setUrl(file && URL.createObjectURL(file))];
}

/** Words for a typed reason, or for the refusal that carries one. */
function useRefusalWords(): (refusal: unknown) => string {
    const violationWords = useViolationWords();
    const words = useErrorWords();
    return (refusal) => {
        if (typeof refusal === "string") return violationWords(refusal, refusal);
        const [problem] = fieldProblems(refusal);
        if (problem) return violationWords(problem.reason, problem.description);
        // A gateway that cuts off a file that is too large answers for itself.
        if (refusal instanceof ApiError && refusal.reason) return violationWords(refusal.reason, words(refusal));
        return words(refusal);
    };
}

export function useViolationWords(): (reason: string, fallback: string) => string {
    const { t, i18n } = useTranslation("people");
    return (reason, fallback) =>
        i18n.exists(`violation.${reason}`, { ns: "people" }) ? t(`violation.${reason as "NO_FACE"}`) : fallback;
}
