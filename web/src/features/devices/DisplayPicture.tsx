// Chooses the picture. The server looks at it when the form is saved.

import { Button } from "antd";
import { type DragEvent, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Display } from "#api/gen/smartpass/v1/displays_http";
import { pictureFault, pictureOf } from "./displays";

interface DisplayPictureProps {
    id: string;
    /** As antd's Form.Item hands it down; undefined: none was chosen. */
    value?: File;
    onChange?: (picture: File) => void;
    /** What is shown so far. */
    present: Display | undefined;
    /** Words for why a file was not taken; undefined: nothing is wrong. */
    onRefused: (words: string | undefined) => void;
}

export function DisplayPicture({ id, value, onChange, present, onRefused }: DisplayPictureProps) {
    const { t } = useTranslation("displays");
    const input = useRef<HTMLInputElement>(null);
    const chosen = useAddress(value);
    const choose = (file: File | undefined) => {
        if (!file) return;
        const fault = pictureFault(file);
        if (fault) return onRefused(t(`violation.${fault as "NOT_AN_IMAGE"}`));
        onRefused(undefined);
        onChange?.(file);
    };
    const drop = (event: DragEvent) => {
        event.preventDefault();
        choose(event.dataTransfer.files[0]);
    };
    return (
        // biome-ignore lint/a11y/noStaticElementInteractions: dropping is an extra; the button does the same
        <div className="display-field" onDragOver={(event) => event.preventDefault()} onDrop={drop}>
            <div className="display-frame">
                {chosen ? (
                    <img src={chosen} alt={t("preview")} />
                ) : (
                    present && <img src={pictureOf(present)} alt={t("present")} />
                )}
            </div>
            <input
                ref={input}
                id={id}
                type="file"
                accept="image/jpeg,image/png"
                className="sr-only"
                aria-describedby="display-picture-rules"
                onChange={(event) => {
                    choose(event.target.files?.[0]);
                    // The same file can be chosen again after it was changed on disk.
                    event.target.value = "";
                }}
            />
            <div className="display-side">
                <Button tabIndex={-1} onClick={() => input.current?.click()}>
                    {t(chosen || present ? "pictureReplace" : "pictureChoose")}
                </Button>
                <p className="meta" id="display-picture-rules">
                    {t("pictureRules")}
                </p>
            </div>
        </div>
    );
}

/** Of a picture from this computer, before the server has it. */
function useAddress(file: File | undefined): string | undefined {
    const [address, setAddress] = useState<string>();
    useEffect(() => {
        if (!file) return;
        const made = URL.createObjectURL(file);
        setAddress(made);
        return () => URL.revokeObjectURL(made);
    }, [file]);
    return file && address;
}
