import { useTranslation } from "react-i18next";
import type { Pass } from "#api/gen/smartpass/v1/pass_http";
import type { Column } from "#ui/DataTable";
import { DenyWords, KindPill, PassStatePill, ResultPill, Temperature, usePassName } from "#ui/PassMarks";
import { Snapshot } from "#ui/Photo";
import { useTimes } from "#ui/useTimes";

export function useColumns(onShow: (id: string) => void): readonly Column<Pass>[] {
    const { t } = useTranslation("passes");
    return [
        {
            key: "person",
            title: t("column.person"),
            lead: true,
            render: (pass) => <PersonCell pass={pass} onShow={onShow} />,
        },
        { key: "kind", title: t("column.kind"), render: (pass) => <KindPill kind={pass.kind} /> },
        { key: "device", title: t("column.device"), render: (pass) => pass.deviceName },
        { key: "time", title: t("column.time"), render: (pass) => <TimeCell pass={pass} /> },
        { key: "temperature", title: t("column.temperature"), render: (pass) => <Temperature pass={pass} /> },
        { key: "state", title: t("column.state"), render: (pass) => <PassStatePill state={pass.state} /> },
        {
            key: "result",
            title: t("column.result"),
            render: (pass) => (
                <div className="stack">
                    <ResultPill result={pass.result} />
                    <DenyWords result={pass.result} reason={pass.denyReason} />
                </div>
            ),
        },
    ];
}

function PersonCell({ pass, onShow }: { pass: Pass; onShow: (id: string) => void }) {
    const { t } = useTranslation("passes");
    const times = useTimes();
    const name = usePassName()(pass);
    const time = pass.occurTime ? times.dateTime(pass.occurTime) : "";
    const label = t("open", { name, time });
    return (
        <div className="person" data-pass-id={pass.id}>
            <button type="button" className="picture-button" aria-label={label} onClick={() => onShow(pass.id)}>
                <Snapshot key={pass.id} pass={pass} name="" />
            </button>
            <div>
                <span className="row-name">{name}</span>
                <span className="meta">{pass.personNumber}</span>
            </div>
        </div>
    );
}

function TimeCell({ pass: { occurTime, clockDoubtful } }: { pass: Pass }) {
    const { t } = useTranslation("passes");
    const times = useTimes();
    if (!occurTime) return null;
    return (
        <div className="stack">
            <time dateTime={occurTime}>{times.dateTime(occurTime)}</time>
            {clockDoubtful && <span className="meta">{t("clock")}</span>}
        </div>
    );
}
