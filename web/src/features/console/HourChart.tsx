import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Summary } from "#api/gen/smartpass/v1/console_http";
import { type HourBar, hourBars, niceCeiling, SHOWN_KINDS, type ShownKind } from "./figures";

const WORDS = {
    employee: "hours.employees",
    visitor: "hours.visitors",
    stranger: "hours.strangers",
    blacklist: "hours.blocklist",
} as const;

const hourLabel = (hour: number) => `${hour}:00`;

export function HourPanel({ summary }: { summary: Summary | undefined }) {
    const { t } = useTranslation("console");
    const [asTable, setAsTable] = useState(false);
    const bars = summary ? hourBars(summary) : [];
    const kinds = SHOWN_KINDS.filter((kind) => kind !== "blacklist" || bars.some((bar) => bar.blacklist > 0));
    return (
        <section className="panel" aria-labelledby="hours-title">
            <header className="panel-head">
                <h2 id="hours-title">{t("hours.title")}</h2>
                <Button size="small" type="text" onClick={() => setAsTable(!asTable)}>
                    {t(asTable ? "hours.asChart" : "hours.asTable")}
                </Button>
            </header>
            <div className="panel-body">
                {asTable ? <HourTable bars={bars} kinds={kinds} /> : <HourChart bars={bars} kinds={kinds} />}
            </div>
        </section>
    );
}

interface HourProps {
    bars: readonly HourBar[];
    kinds: readonly ShownKind[];
}

const WIDTH = 560;
const HEIGHT = 176;
const LEFT = 36;
const BOTTOM = 20;
const TOP = 6;

function HourChart({ bars, kinds }: HourProps) {
    const { t, i18n } = useTranslation("console");
    const number = new Intl.NumberFormat(i18n.language);
    const most = bars.reduce((best, bar) => (bar.total > best.total ? bar : best), { hour: 0, total: 0 });
    const total = bars.reduce((sum, bar) => sum + bar.total, 0);
    const top = niceCeiling(most.total);
    const label =
        total === 0 ? t("hours.chartEmpty") : t("hours.chart", { total, hour: hourLabel(most.hour), most: most.total });
    const y = (value: number) => TOP + (HEIGHT - TOP - BOTTOM) * (1 - value / top);
    return (
        <figure className="chart">
            <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={label}>
                {[0, top / 2, top].map((value) => (
                    <g key={value}>
                        <line className="chart-grid" x1={LEFT} x2={WIDTH} y1={y(value)} y2={y(value)} />
                        <text className="chart-text" x={LEFT - 8} y={y(value) + 4} textAnchor="end">
                            {number.format(value)}
                        </text>
                    </g>
                ))}
                {bars.map((bar, index) => (
                    <Bar key={bar.hour} bar={bar} kinds={kinds} index={index} count={bars.length} y={y} />
                ))}
            </svg>
            <figcaption className="legend">
                {kinds.map((kind) => (
                    <span key={kind}>
                        <span className={`legend-mark bar-${kind}`} aria-hidden="true" />
                        {t(WORDS[kind])}
                    </span>
                ))}
            </figcaption>
        </figure>
    );
}

interface BarProps {
    bar: HourBar;
    kinds: readonly ShownKind[];
    index: number;
    count: number;
    y: (value: number) => number;
}

function Bar({ bar, kinds, index, count, y }: BarProps) {
    const step = (WIDTH - LEFT) / Math.max(1, count);
    const x = LEFT + index * step;
    let below = 0;
    return (
        <g>
            {kinds.map((kind) => {
                const from = below;
                below += bar[kind];
                return (
                    <rect
                        key={kind}
                        className={`bar-${kind}`}
                        x={x + step * 0.1}
                        width={step * 0.8}
                        y={y(below)}
                        height={y(from) - y(below)}
                    />
                );
            })}
            {index % 3 === 0 && (
                <text className="chart-text" x={x + step / 2} y={HEIGHT - 5} textAnchor="middle">
                    {hourLabel(bar.hour)}
                </text>
            )}
        </g>
    );
}

function HourTable({ bars, kinds }: HourProps) {
    const { t } = useTranslation("console");
    return (
        <div className="chart-table">
            <table className="table table-compact">
                <caption className="sr-only">{t("hours.title")}</caption>
                <thead>
                    <tr>
                        <th scope="col">{t("hours.hour")}</th>
                        {kinds.map((kind) => (
                            <th key={kind} scope="col" className="cell-end">
                                {t(WORDS[kind])}
                            </th>
                        ))}
                        <th scope="col" className="cell-end">
                            {t("hours.total")}
                        </th>
                    </tr>
                </thead>
                <tbody>
                    {bars.map((bar) => (
                        <tr key={bar.hour}>
                            <th scope="row">{hourLabel(bar.hour)}</th>
                            {kinds.map((kind) => (
                                <td key={kind} className="cell-end">
                                    {bar[kind]}
                                </td>
                            ))}
                            <td className="cell-end">{bar.total}</td>
                        </tr>
                    ))}
                </tbody>
            </table>
        </div>
    );
}
