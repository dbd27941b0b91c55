import { Link, type LinkProps } from "@tanstack/react-router";
import { Skeleton } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Summary } from "#api/gen/smartpass/v1/console_http";
import { Pill } from "#ui/Pill";
import { count, share } from "./figures";

interface CardsProps {
    summary: Summary | undefined;
    /** Midnight as the lists' filters write it. */
    today: string;
}

/** The figures of the day; each opens the list behind it. */
export function Cards({ summary, today }: CardsProps) {
    const { t, i18n } = useTranslation("console");
    const number = new Intl.NumberFormat(i18n.language);
    const figure = (value: string | undefined) => (summary ? number.format(count(value)) : null);
    const passes = summary?.today;
    const part = (value: string | undefined) =>
        t("card.share", { share: share(count(value), count(passes?.total), i18n.language) });
    const hot = count(passes?.abnormalTemperature);
    const search = { from: today };
    return (
        <ul className="figures">
            <Figure
                label={t("card.devices")}
                value={summary ? `${number.format(summary.devicesOnline)} / ${number.format(summary.devices)}` : null}
                to="/devices"
                note={summary && <DevicesNote summary={summary} />}
            />
            <Figure
                label={t("card.passes")}
                value={figure(passes?.total)}
                to="/passes"
                search={search}
                note={t("card.ever", { total: number.format(count(summary?.ever?.total)) })}
            />
            <Figure
                label={t("card.employees")}
                value={figure(passes?.employee)}
                to="/passes"
                search={{ ...search, kind: "PERSON_KIND_EMPLOYEE" }}
                note={part(passes?.employee)}
            />
            <Figure
                label={t("card.visitors")}
                value={figure(passes?.visitor)}
                to="/passes"
                search={{ ...search, kind: "PERSON_KIND_VISITOR" }}
                note={t("card.others", {
                    strangers: number.format(count(passes?.stranger)),
                    blocklist: number.format(count(passes?.blacklist)),
                })}
            />
            <Figure
                label={t("card.hot")}
                value={figure(passes?.abnormalTemperature)}
                to="/passes"
                search={{ ...search, state: "PASS_STATE_ABNORMAL_TEMPERATURE" }}
                note={hot > 0 ? <Pill tone="bad">{t("card.hotSome")}</Pill> : t("card.hotNone")}
            />
        </ul>
    );
}

interface FigureProps {
    label: string;
    /** null while loading. */
    value: string | null;
    to: NonNullable<LinkProps["to"]>;
    search?: LinkProps["search"];
    note: ReactNode;
}

function Figure({ label, value, to, search, note }: FigureProps) {
    return (
        <li>
            <Link className="figure" to={to} search={search as never}>
                <span className="figure-label">{label}</span>
                {value === null ? (
                    <Skeleton active title={false} paragraph={{ rows: 2 }} />
                ) : (
                    <>
                        <strong className="figure-value">{value}</strong>
                        <span className="figure-note">{note}</span>
                    </>
                )}
            </Link>
        </li>
    );
}

function DevicesNote({ summary }: { summary: Summary }) {
    const { t } = useTranslation("console");
    const offline = summary.devices - summary.devicesOnline;
    if (summary.devices === 0) return t("card.noDevices");
    return offline > 0 ? <Pill tone="warn">{t("card.offline", { count: offline })}</Pill> : t("card.allOnline");
}
