// One record, large: what the terminal saw beside the stored photo.

import { Button, Modal, Skeleton } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Pass } from "#api/gen/smartpass/v1/pass_http";
import { degrees } from "#lib/temperature";
import { LeftIcon, RightIcon } from "#ui/icons";
import { Notice } from "#ui/Notice";
import { DenyWords, KindPill, PassStatePill, ResultPill, Temperature, usePassName } from "#ui/PassMarks";
import { PersonPhoto, Snapshot } from "#ui/Photo";
import { useTemperatureUnit } from "#ui/usePreferences";
import { useReturnFocus } from "#ui/useReturnFocus";
import { useTimes } from "#ui/useTimes";

interface RecordDialogProps {
    /** The page that is shown; undefined while it loads. */
    passes: readonly Pass[] | undefined;
    id: string;
    onShow: (id: string) => void;
    onClose: () => void;
}

export default function RecordDialog({ passes, id, onShow, onClose }: RecordDialogProps) {
    const { t } = useTranslation("passes");
    useReturnFocus();
    const times = useTimes();
    const nameOf = usePassName();
    const index = passes?.findIndex((pass) => pass.id === id) ?? -1;
    const pass = passes?.[index];
    const newer = passes?.[index - 1];
    const older = pass && passes?.[index + 1];
    const title = pass && t("record.title", { name: nameOf(pass), time: times.dateTime(pass.occurTime ?? 0) });

    return (
        <Modal
            open
            title={title ?? t("title")}
            width={720}
            onCancel={onClose}
            footer={
                <div className="record-footer">
                    <Button icon={<LeftIcon />} disabled={!newer} onClick={() => newer && onShow(newer.id)}>
                        {t("record.previous")}
                    </Button>
                    <Button
                        icon={<RightIcon />}
                        iconPlacement="end"
                        disabled={!older}
                        onClick={() => older && onShow(older.id)}
                    >
                        {t("record.next")}
                    </Button>
                </div>
            }
        >
            {!passes && <Skeleton active title={false} />}
            {passes && !pass && <Notice title={t("record.gone")} />}
            {pass && <RecordBody pass={pass} name={nameOf(pass)} />}
        </Modal>
    );
}

function RecordBody({ pass, name }: { pass: Pass; name: string }) {
    const { t } = useTranslation("passes");
    return (
        <>
            <div className="record-pictures">
                <figure>
                    {pass.hasSnapshot ? (
                        <Snapshot key={pass.id} pass={pass} name={name} className="record-picture" />
                    ) : (
                        <span className="record-picture photo-none">{t("record.noSnapshot")}</span>
                    )}
                    <figcaption className="meta">{t("record.snapshot")}</figcaption>
                </figure>
                <figure>
                    <PersonPhoto photoId={pass.photoId} name={name} className="record-picture" full />
                    <figcaption className="meta">{t("record.photo")}</figcaption>
                </figure>
            </div>
            <RecordFacts pass={pass} />
        </>
    );
}

function RecordFacts({ pass }: { pass: Pass }) {
    const unit = useTemperatureUnit();
    const { t } = useTranslation("passes");
    const times = useTimes();
    return (
        <dl className="facts">
            <Fact name={t("column.person")}>
                {pass.personNumber} <KindPill kind={pass.kind} />
            </Fact>
            <Fact name={t("column.device")}>{pass.deviceName}</Fact>
            <Fact name={t("column.time")}>
                {pass.occurTime && times.dateTime(pass.occurTime)}
                {pass.clockDoubtful && <span className="meta"> {t("clock")}</span>}
            </Fact>
            <Fact name={t("record.received")}>{pass.receiveTime && times.dateTime(pass.receiveTime)}</Fact>
            <Fact name={t("column.temperature")}>
                <Temperature pass={pass} />
            </Fact>
            {pass.thresholdCenti > 0 && <Fact name={t("record.threshold")}>{degrees(pass.thresholdCenti, unit)}</Fact>}
            <Fact name={t("column.state")}>
                <PassStatePill state={pass.state} />
            </Fact>
            <Fact name={t("column.result")}>
                <ResultPill result={pass.result} /> <DenyWords result={pass.result} reason={pass.denyReason} />
            </Fact>
        </dl>
    );
}

const Fact = ({ name, children }: { name: string; children: ReactNode }) => (
    <div>
        <dt>{name}</dt>
        <dd>{children}</dd>
    </div>
);
