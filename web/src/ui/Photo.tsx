// Pictures of people.

import { useState } from "react";
import { useTranslation } from "react-i18next";
import { downloadSnapshot, type Pass } from "#api/gen/smartpass/v1/pass_http";
import { downloadPhoto } from "#api/gen/smartpass/v1/people_http";
import { may, useSession } from "#api/session";
import { PersonIcon } from "./icons";
import { useLiveEvents } from "./useLive";

const isPhoto = (id: string) => id !== "" && id !== "0";

interface PersonPhotoProps {
    photoId: string;
    /** Empty when the name stands beside the picture and need not be said twice. */
    name?: string;
    className?: string;
    /** The stored picture instead of its thumbnail. */
    full?: boolean;
}

/** A person's photo, or an outline when there is none or the reader may not see it. */
export function PersonPhoto({ photoId, name = "", className = "thumb", full = false }: PersonPhotoProps) {
    const { t } = useTranslation("ui");
    const [missing, setMissing] = useState("");
    const permitted = may(useSession(), downloadPhoto);
    if (!isPhoto(photoId) || !permitted || missing === photoId)
        return (
            <span className={`${className} photo-none`}>
                <PersonIcon size={20} />
            </span>
        );
    return (
        <img
            className={className}
            src={downloadPhoto({ id: photoId, thumbnail: !full })}
            alt={name && t("photoOf", { name })}
            loading="lazy"
            decoding="async"
            onError={() => setMissing(photoId)}
        />
    );
}

interface SnapshotProps {
    pass: Pick<Pass, "id" | "hasSnapshot" | "photoId">;
    name: string;
    className?: string;
}

/**
 * What the terminal saw. The record arrives before its picture: until then the person's photo stands in, and the picture
 * takes its place once it has been loaded, without a blank moment in between.
 */
export function Snapshot({ pass, name, className = "thumb" }: SnapshotProps) {
    const { t } = useTranslation("ui");
    const [shown, setShown] = useState(false);
    const [failed, setFailed] = useState(false);
    useLiveEvents(({ snapshot }) => {
        if (snapshot?.passId === pass.id) setFailed(false);
    });
    return (
        <span className={`snapshot ${className}`}>
            {!shown && <PersonPhoto photoId={pass.photoId} className="snapshot-picture" />}
            {pass.hasSnapshot && !failed && (
                <img
                    className="snapshot-picture"
                    src={downloadSnapshot({ id: pass.id })}
                    alt={t("snapshotOf", { name })}
                    hidden={!shown}
                    decoding="async"
                    onLoad={() => setShown(true)}
                    onError={() => setFailed(true)}
                />
            )}
        </span>
    );
}
