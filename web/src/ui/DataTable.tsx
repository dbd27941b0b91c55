// The list of every page: rows with a selection that survives paging, cards on a phone, and one place for the four states
// that a list can be in (loading, failed, empty, filtered to nothing).

import { Checkbox, Skeleton } from "antd";
import { type MouseEvent, type ReactNode, useRef } from "react";
import { useTranslation } from "react-i18next";
import { Failure } from "./Notice";
import { useNarrow } from "./useNarrow";

export interface Column<Row> {
    readonly key: string;
    readonly title: string;
    readonly render: (row: Row) => ReactNode;
    readonly align?: "end";
    /** On a phone it is the head of the card, without its title. */
    readonly lead?: boolean;
    /** For the column of actions: its title is only read out. */
    readonly quiet?: boolean;
    /** Shown only to whoever chooses it. */
    readonly optional?: boolean;
}

export type Selection<Row> = ReadonlyMap<string, Row>;

export interface DataTableProps<Row> {
    /** What the list is, for whoever cannot see it. */
    label: string;
    columns: readonly Column<Row>[];
    rows: readonly Row[] | undefined;
    rowKey: (row: Row) => string;
    rowName: (row: Row) => string;
    /** Loading while something older is still shown. */
    busy?: boolean;
    error?: unknown;
    onRetry: () => void;
    /** Shown instead of rows when there are none. */
    empty: ReactNode;
    selection?: Selection<Row>;
    onSelect?: (selection: Selection<Row>) => void;
}

export function DataTable<Row>(props: DataTableProps<Row>) {
    const { label, rows, error, busy = false, onRetry, empty } = props;
    const narrow = useNarrow();

    if (error && !rows) return <Failure error={error} onRetry={onRetry} />;
    if (rows?.length === 0) return <div className="table-empty">{empty}</div>;
    return (
        <div className="table-box" aria-busy={busy || !rows}>
            {busy && <div className="table-busy" />}
            {narrow ? <Cards {...props} /> : <Rows {...props} label={label} />}
        </div>
    );
}

function useSelecting<Row>({ rows = [], rowKey, selection = new Map(), onSelect }: DataTableProps<Row>) {
    const lastIndex = useRef(-1);

    const set = (changed: readonly Row[], on: boolean) => {
        const next = new Map(selection);
        for (const row of changed) {
            if (on) next.set(rowKey(row), row);
            else next.delete(rowKey(row));
        }
        onSelect?.(next);
    };

    /** With the shift key, everything between this row and the one before. */
    const toggle = (index: number, extend: boolean) => {
        const row = rows[index];
        if (!row) return;
        const from = extend && lastIndex.current >= 0 ? lastIndex.current : index;
        const range = rows.slice(Math.min(from, index), Math.max(from, index) + 1);
        lastIndex.current = index;
        set(range, !selection.has(rowKey(row)));
    };

    const count = rows.filter((row) => selection.has(rowKey(row))).length;
    return { set, toggle, all: rows.length > 0 && count === rows.length, some: count > 0 };
}

function Rows<Row>(props: DataTableProps<Row>) {
    const { t } = useTranslation("ui");
    const { label, columns, rows, rowKey, rowName, selection, onSelect } = props;
    const selecting = useSelecting(props);

    return (
        // A region that scrolls must be reachable with the keyboard.
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the arrow keys scroll it
        <section className="table-scroll" aria-label={label} tabIndex={0}>
            <table className="table">
                <caption className="sr-only">{label}</caption>
                <thead>
                    <tr>
                        {onSelect && (
                            <th scope="col" className="cell-check">
                                <Checkbox
                                    aria-label={t("selectPage")}
                                    checked={selecting.all}
                                    indeterminate={selecting.some && !selecting.all}
                                    onChange={(event) => selecting.set(rows ?? [], event.target.checked)}
                                />
                            </th>
                        )}
                        {columns.map((column) => (
                            <th key={column.key} scope="col" className={cellClass(column)}>
                                <span className={column.quiet ? "sr-only" : undefined}>{column.title}</span>
                            </th>
                        ))}
                    </tr>
                </thead>
                <tbody>
                    {!rows && <SkeletonRows columns={columns.length + (onSelect ? 1 : 0)} />}
                    {rows?.map((row, index) => (
                        <tr key={rowKey(row)} className={selection?.has(rowKey(row)) ? "is-selected" : undefined}>
                            {onSelect && (
                                <td className="cell-check">
                                    <RowCheck
                                        label={t("selectRow", { name: rowName(row) })}
                                        checked={selection?.has(rowKey(row)) ?? false}
                                        onToggle={(extend) => selecting.toggle(index, extend)}
                                    />
                                </td>
                            )}
                            {columns.map((column) => (
                                <td key={column.key} className={cellClass(column)}>
                                    {column.render(row)}
                                </td>
                            ))}
                        </tr>
                    ))}
                </tbody>
            </table>
        </section>
    );
}

interface RowCheckProps {
    label: string;
    checked: boolean;
    onToggle: (extend: boolean) => void;
}

function RowCheck({ label, checked, onToggle }: RowCheckProps) {
    const shift = useRef(false);
    return (
        <Checkbox
            aria-label={label}
            checked={checked}
            onClick={(event: MouseEvent) => {
                shift.current = event.shiftKey;
            }}
            onChange={() => onToggle(shift.current)}
        />
    );
}

const cellClass = ({ align, quiet }: Pick<Column<never>, "align" | "quiet">) =>
    [align === "end" && "cell-end", quiet && "cell-quiet"].filter(Boolean).join(" ") || undefined;

function Cards<Row>(props: DataTableProps<Row>) {
    const { t } = useTranslation("ui");
    const { label, columns, rows, rowKey, rowName, selection, onSelect } = props;
    const selecting = useSelecting(props);
    if (!rows) return <Skeleton active title={false} className="cards-skeleton" />;

    return (
        <ul className="cards" aria-label={label}>
            {rows.map((row, index) => (
                <li key={rowKey(row)} className={`card ${selection?.has(rowKey(row)) ? "is-selected" : ""}`}>
                    <div className="card-head">
                        {onSelect && (
                            <RowCheck
                                label={t("selectRow", { name: rowName(row) })}
                                checked={selection?.has(rowKey(row)) ?? false}
                                onToggle={() => selecting.toggle(index, false)}
                            />
                        )}
                        <div className="card-lead">{columns.find((column) => column.lead)?.render(row)}</div>
                        {columns.find((column) => column.quiet)?.render(row)}
                    </div>
                    <dl className="card-facts">
                        {columns
                            .filter((column) => !column.lead && !column.quiet)
                            .map((column) => (
                                <div key={column.key}>
                                    <dt>{column.title}</dt>
                                    <dd>{column.render(row)}</dd>
                                </div>
                            ))}
                    </dl>
                </li>
            ))}
        </ul>
    );
}

const SKELETON_ROWS = ["a", "b", "c", "d", "e", "f"];

function SkeletonRows({ columns }: { columns: number }) {
    const { t } = useTranslation("ui");
    return SKELETON_ROWS.map((key) => (
        <tr key={key}>
            <td colSpan={columns}>
                <Skeleton active title={false} paragraph={{ rows: 1, width: "100%" }} />
                <span className="sr-only">{t("loading")}</span>
            </td>
        </tr>
    ));
}
