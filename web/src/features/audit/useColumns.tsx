import { useTranslation } from "react-i18next";
import type { AuditRow } from "#api/gen/smartpass/v1/audit_http";
import type { Column } from "#ui/DataTable";
import { Pill } from "#ui/Pill";
import { useTimes } from "#ui/useTimes";
import { useAuditWords } from "./useAuditWords";

interface ColumnActions {
    onShow: (id: string) => void;
    onOperator: (name: string) => void;
}

export function useColumns({ onShow, onOperator }: ColumnActions): readonly Column<AuditRow>[] {
    const { t } = useTranslation("audit");
    const words = useAuditWords();
    return [
        {
            key: "action",
            title: t("column.action"),
            lead: true,
            render: (row) => (
                <div className="stack">
                    <button type="button" className="row-title" onClick={() => onShow(row.id)}>
                        {words.verb(row.action)}
                    </button>
                    <span className="meta">{words.module(row.module)}</span>
                </div>
            ),
        },
        {
            key: "object",
            title: t("column.object"),
            render: (row) => (row.erased ? <Erased /> : <span className="audit-object">{row.object || "–"}</span>),
        },
        { key: "time", title: t("column.time"), render: (row) => <When row={row} /> },
        {
            key: "operator",
            title: t("column.operator"),
            render: (row) => <Operator row={row} onOperator={onOperator} />,
        },
        { key: "result", title: t("column.result"), render: (row) => <AuditResult row={row} /> },
        { key: "address", title: t("column.address"), render: (row) => row.address || "–" },
        { key: "seal", title: t("column.seal"), render: (row) => <Seal row={row} /> },
    ];
}

function Erased() {
    const { t } = useTranslation("audit");
    return <Pill tone="idle">{t("erased")}</Pill>;
}

function When({ row: { time } }: { row: AuditRow }) {
    const times = useTimes();
    return time ? <time dateTime={time}>{times.dateTime(time)}</time> : null;
}

function Operator({ row: { operator }, onOperator }: { row: AuditRow; onOperator: ColumnActions["onOperator"] }) {
    const { t } = useTranslation("audit");
    if (!operator) return <span className="meta">{t("nobody")}</span>;
    return (
        <button
            type="button"
            className="row-title audit-operator"
            title={t("byOperator", { name: operator })}
            onClick={() => onOperator(operator)}
        >
            {operator}
        </button>
    );
}

export function AuditResult({ row: { code, reason } }: { row: AuditRow }) {
    const { t } = useTranslation("audit");
    const words = useAuditWords();
    if (code === 0) return <Pill tone="ok">{t("done")}</Pill>;
    return (
        <div className="stack">
            <Pill tone="bad">{t("refused")}</Pill>
            {reason && <span className="meta">{words.reason(reason)}</span>}
        </div>
    );
}

export function Seal({ row: { seal } }: { row: AuditRow }) {
    const { t } = useTranslation("audit");
    if (seal === "0")
        return (
            <span title={t("unsealedHint")}>
                <Pill tone="warn">{t("unsealed")}</Pill>
            </span>
        );
    return (
        <span title={t("sealedAs", { seal })}>
            <Pill tone="ok">
                <span className="sr-only">{t("sealed")}, </span>
                {seal}
            </Pill>
        </span>
    );
}
