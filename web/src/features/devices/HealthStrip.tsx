// How the terminals are, at a glance; each figure shows the terminals that it counts.

import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Skeleton } from "antd";
import { useTranslation } from "react-i18next";
import { getFleetHealth } from "#api/gen/smartpass/v1/monitor_http";
import { query } from "#api/query";
import type { Tone } from "#ui/Pill";
import { figuresOf, isChosen } from "./health";
import { type DevicesSearch, NO_CONDITION } from "./search";

interface HealthStripProps {
    search: DevicesSearch;
    onFilter: (change: Partial<DevicesSearch>) => void;
}

export function HealthStrip({ search, onFilter }: HealthStripProps) {
    const { t } = useTranslation("devices");
    const { data, error } = useQuery({ ...query(getFleetHealth, { groupId: search.group }), retry: false });
    // The list below says what is the matter; without its summary it is still a list.
    if (error && !data) return null;
    if (!data) return <Skeleton active title={false} paragraph={{ rows: 1 }} className="health" />;
    return (
        <section className="health" aria-label={t("health.label")}>
            <ul className="health-figures">
                {figuresOf(data).map(({ word, count, filter, tone }) => (
                    <li key={word}>
                        <Figure
                            label={
                                word.startsWith("DEVICE_")
                                    ? t(`condition.${word as ConditionWord}`)
                                    : t(`health.${word as StateWord}`)
                            }
                            count={count}
                            tone={count > 0 ? tone : undefined}
                            chosen={isChosen(search, filter)}
                            onClick={(on) => onFilter({ ...NO_CONDITION, ...(on && filter) })}
                        />
                    </li>
                ))}
            </ul>
            {data.software.length > 1 && (
                <ul className="health-versions" aria-label={t("health.versions")}>
                    {data.software.map(({ version, deviceCount }) => (
                        <li key={version}>
                            <Figure
                                label={version || t("health.noVersion")}
                                count={deviceCount}
                                chosen={version !== "" && search.version === version}
                                onClick={(on) => onFilter({ ...NO_CONDITION, version: on ? version : "" })}
                            />
                        </li>
                    ))}
                </ul>
            )}
            <Link className="small-link" to="/alarms">
                {t("health.alarms")}
            </Link>
        </section>
    );
}

type ConditionWord = "DEVICE_CONDITION_RISK";
type StateWord = "online";

interface FigureProps {
    label: string;
    count: number;
    tone?: Tone | undefined;
    chosen: boolean;
    onClick: (on: boolean) => void;
}

/** Pressed: the list shows only these. */
function Figure({ label, count, tone, chosen, onClick }: FigureProps) {
    const { i18n } = useTranslation();
    return (
        <button
            type="button"
            className={`health-figure ${tone ? `is-${tone}` : ""}`}
            aria-pressed={chosen}
            onClick={() => onClick(!chosen)}
        >
            <strong>{new Intl.NumberFormat(i18n.language).format(count)}</strong> <span>{label}</span>
        </button>
    );
}
