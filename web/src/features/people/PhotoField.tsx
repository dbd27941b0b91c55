// Chooses a photo or has a terminal take one, has the server check it, and says why it does not fit.

import { useMutation } from "@tanstack/react-query";
import { Button } from "antd";
import { type DragEvent, lazy, Suspense, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { createCapture } from "#api/gen/smartpass/v1/capture_http";
import { type Photo, uploadPhoto } from "#api/gen/smartpass/v1/people_http";
import { GuardedButton } from "#ui/GuardedButton";
import { BusyIcon, CameraIcon, DeviceIcon } from "#ui/icons";
import { PersonPhoto } from "#ui/Photo";
import { PhotoDuplicates } from "./PhotoDuplicates";
import { obviousFault } from "./refusals";
import { useReasonWords, useRefusalWords } from "./useReasonWords";

const CaptureDialog = lazy(() => import("./CaptureDialog"));

interface PhotoFieldProps {
    /** As antd's Form.Item hands it down. */
    id?: string;
    value?: string;
    onChange?: (photoId: string) => void;
    /** A terminal may take the photo, too. */
    fromDevice: boolean;
    /** Whose photo it is to be; undefined: somebody new. */
    personId: string | undefined;
    onChecking: (checking: boolean) => void;
    /** Words for why the photo was refused; undefined: nothing is wrong. */
    onRefused: (words: string | undefined) => void;
}

export function PhotoField(props: PhotoFieldProps) {
    const { id, value = "0", fromDevice, personId } = props;
    const { t } = useTranslation("people");
    const input = useRef<HTMLInputElement>(null);
    const [capturing, setCapturing] = useState(false);
    const { preview, choose, take, remove, checking, accepted } = useChosenPhoto(props);
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
                {checking && (
                    <span className="photo-spin">
                        <BusyIcon />
                    </span>
                )}
            </div>
            <div className="photo-side">
                <input
                    ref={input}
                    id={id}
                    type="file"
                    accept="image/jpeg,image/png"
                    className="sr-only"
                    aria-label={t("field.photoId")}
                    aria-describedby="photo-rules"
                    onChange={(event) => {
                        choose(event.target.files?.[0]);
                        // The same file can be chosen again after it was changed on disk.
                        event.target.value = "";
                    }}
                />
                <PhotoButtons
                    has={has}
                    fromDevice={fromDevice}
                    onChoose={() => input.current?.click()}
                    onCapture={() => setCapturing(true)}
                    onRemove={remove}
                />
                <p className="meta" id="photo-rules">
                    {t("photoField.rules")}
                </p>
                <p className="photo-state" role="status">
                    {checking && t("photoField.checking")}
                    {accepted && t("photoField.accepted")}
                </p>
                {accepted && <PhotoDuplicates photo={accepted} exceptId={personId} />}
            </div>
            {capturing && (
                <Suspense fallback={null}>
                    <CaptureDialog
                        onTaken={(photo) => {
                            take(photo);
                            setCapturing(false);
                        }}
                        onClose={() => setCapturing(false)}
                    />
                </Suspense>
            )}
        </div>
    );
}

interface PhotoButtonsProps {
    /** There is a photo already. */
    has: boolean;
    fromDevice: boolean;
    onChoose: () => void;
    onCapture: () => void;
    onRemove: () => void;
}

function PhotoButtons({ has, fromDevice, onChoose, onCapture, onRemove }: PhotoButtonsProps) {
    const { t } = useTranslation("people");
    return (
        <div className="photo-buttons">
            <GuardedButton call={uploadPhoto} icon={<CameraIcon />} tabIndex={-1} onClick={onChoose}>
                {t(has ? "photoField.replace" : "photoField.choose")}
            </GuardedButton>
            {fromDevice && (
                <GuardedButton call={createCapture} icon={<DeviceIcon />} onClick={onCapture}>
                    {t("capture.open")}
                </GuardedButton>
            )}
            {has && <Button onClick={onRemove}>{t("photoField.remove")}</Button>}
        </div>
    );
}

/** What was chosen last, and what the server says to it. */
function useChosenPhoto({ value = "0", onChange, onChecking, onRefused }: PhotoFieldProps) {
    const [preview, setPreview] = usePreview();
    const [before] = useState(value);
    const [accepted, setAccepted] = useState<Photo>();
    const reasonWords = useReasonWords();
    const refusalWords = useRefusalWords();
    const running = useRef<AbortController>(undefined);
    const upload = useMutation({
        mutationFn: ({ file, signal }: { file: File; signal: AbortSignal }) => uploadPhoto(file, { signal }),
        onSuccess: (photo, { signal }) => {
            if (signal.aborted) return;
            setAccepted(photo);
            onChange?.(photo.id);
        },
        onError: (error, { signal }) => !signal.aborted && onRefused(refusalWords(error)),
        onSettled: (_photo, _error, { signal }) => !signal.aborted && onChecking(false),
    });

    /** Whatever was under way no longer counts. */
    const start = (file: File | null) => {
        running.current?.abort();
        upload.reset();
        setPreview(file);
        setAccepted(undefined);
        onRefused(undefined);
        onChecking(false);
    };
    const choose = (file: File | undefined) => {
        if (!file) return;
        start(file);
        const fault = obviousFault(file);
        if (fault) return onRefused(reasonWords(fault, fault));
        running.current = new AbortController();
        onChecking(true);
        upload.mutate({ file, signal: running.current.signal });
    };
    /** A terminal took it, and the server has checked it already. */
    const take = (photo: Photo) => {
        start(null);
        setAccepted(photo);
        onChange?.(photo.id);
    };
    /** Taking back what was just chosen leaves the photo that the person had. */
    const remove = () => {
        start(null);
        onChange?.(preview || accepted ? before : "0");
    };
    return { preview, choose, take, remove, checking: upload.isPending, accepted };
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
