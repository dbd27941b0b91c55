// Warns that somebody else's photo shows the same face. It is no refusal: twins exist.

import { Link } from "@tanstack/react-router";
import { Alert } from "antd";
import { useTranslation } from "react-i18next";
import type { Photo, PhotoDuplicate } from "#api/gen/smartpass/v1/people_http";
import { KindPill } from "#ui/PassMarks";
import { kindOf } from "./kinds";

interface PhotoDuplicatesProps {
    photo: Photo;
    /** Nobody looks like himself by accident. */
    exceptId: string | undefined;
}

export function PhotoDuplicates({ photo, exceptId }: PhotoDuplicatesProps) {
    const { t } = useTranslation("people");
    const others = photo.duplicates.filter(({ personId }) => personId !== exceptId);
    if (others.length === 0) return null;
    return (
        <Alert
            type="warning"
            title={t("duplicates.title", { count: others.length })}
            description={
                <ul className="duplicates">
                    {others.map((other, index) => (
                        // Those whom the reader does not see have no id of their own.
                        <li key={other.personId === UNSEEN ? `unseen ${index}` : other.personId}>
                            <Duplicate other={other} />
                        </li>
                    ))}
                </ul>
            }
        />
    );
}

const UNSEEN = "0";

function Duplicate({ other }: { other: PhotoDuplicate }) {
    const { t } = useTranslation("people");
    const kind = kindOf(other.kind);
    if (other.personId === UNSEEN || !kind) return t("duplicates.unseen");
    return (
        <span className="name-line">
            <Link to={`/${kind.name}`} search={{ show: other.personId }} target="_blank">
                {t("duplicates.person", { name: other.name, number: other.number })}
            </Link>
            <KindPill kind={other.kind} />
        </span>
    );
}
