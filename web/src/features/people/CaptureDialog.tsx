// Has a terminal take the photo: its photo screen opens, a picture that passes the checks comes back.

import { useMutation, useQuery } from "@tanstack/react-query";
import { Alert, Modal } from "antd";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { type Capture, cancelCapture, createCapture, getCapture } from "#api/gen/smartpass/v1/capture_http";
import type { Photo } from "#api/gen/smartpass/v1/people_http";
import { query } from "#api/query";
import { DeviceSelect } from "#ui/DeviceSelect";
import { BusyIcon } from "#ui/icons";
import { useReturnFocus } from "#ui/useReturnFocus";
import { useNow } from "#ui/useTimes";
import { hasEnded, secondsLeft } from "./capture";
import { useReasonWords, useRefusalWords } from "./useReasonWords";

interface CaptureDialogProps {
    onTaken: (photo: Photo) => void;
    onClose: () => void;
}

const POLL_MS = 1_000;

export default function CaptureDialog({ onTaken, onClose }: CaptureDialogProps) {
    const { t } = useTranslation("people");
    const [deviceId, setDeviceId] = useState("");
    const start = useMutation({ mutationFn: () => createCapture({ deviceId }) });
    const capture = useCapture(start.data);
    const words = useRefusalWords();
    const running = capture !== undefined && !hasEnded(capture);
    useReturnFocus();

    const photo = capture?.photo;
    useEffect(() => {
        if (photo) onTaken(photo);
    }, [photo, onTaken]);

    /** The terminal must not go on showing its photo screen for nobody. */
    const close = () => {
        if (running) void cancelCapture({ id: capture.id }).catch(() => undefined);
        onClose();
    };
    return (
        <Modal
            open
            title={t("capture.title")}
            okText={t(capture ? "capture.again" : "capture.start")}
            okButtonProps={{ disabled: deviceId === "" || running }}
            confirmLoading={start.isPending}
            cancelText={t(running ? "capture.cancel" : "capture.close")}
            mask={{ closable: false }}
            onOk={() => start.mutate()}
            onCancel={close}
        >
            <p className="form-note">{t("capture.hint")}</p>
            <DeviceSelect
                value={deviceId}
                onChange={setDeviceId}
                label={t("capture.device")}
                state="DEVICE_STATE_ONLINE"
                disabled={running || start.isPending}
                wide
            />
            <div className="capture-state">
                {start.error && <Alert type="error" title={words(start.error)} role="alert" />}
                {!start.error && capture && <State capture={capture} />}
            </div>
        </Modal>
    );
}

/** The capture as the server sees it now; asks until it has ended. */
function useCapture(started: Capture | undefined): Capture | undefined {
    const { data } = useQuery({
        ...query(getCapture, { id: started?.id ?? "" }),
        enabled: started !== undefined,
        staleTime: 0,
        gcTime: 0,
        refetchInterval: ({ state }) => (state.data && hasEnded(state.data) ? false : POLL_MS),
    });
    return data?.id === started?.id ? (data ?? started) : started;
}

function State({ capture }: { capture: Capture }) {
    const { t } = useTranslation("people");
    const words = useReasonWords();
    const left = secondsLeft(capture, useNow());
    const name = capture.deviceName;
    if (capture.state === "CAPTURE_STATE_FAILED")
        return <Alert type="error" title={words(capture.reason, t("capture.failed"))} role="alert" />;
    if (capture.state === "CAPTURE_STATE_CANCELLED") return <p role="status">{t("capture.cancelled")}</p>;
    return (
        <>
            <p className="capture-line">
                {!hasEnded(capture) && <BusyIcon />}
                <span role="status">{t(`capture.state.${capture.state}`, { name })}</span>
                {!hasEnded(capture) && <span className="meta">{t("capture.left", { count: left })}</span>}
            </p>
            {capture.reason && (
                <Alert
                    type="warning"
                    title={t("capture.refused", { reason: words(capture.reason, capture.reason) })}
                    role="alert"
                />
            )}
        </>
    );
}
