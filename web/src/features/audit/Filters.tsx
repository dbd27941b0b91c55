import { Checkbox, Select } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { SearchBox } from "#ui/SearchBox";
import { useTimes, useToday } from "#ui/useTimes";
import { WallRange } from "#ui/WallRange";
import { type AuditSearch, MODULES } from "./search";

interface FiltersProps {
    search: AuditSearch;
    onFilter: (change: Partial<AuditSearch>) => void;
    chooser: ReactNode;
}

export function Filters({ search, onFilter, chooser }: FiltersProps) {
    const { t } = useTranslation("audit");
    return (
        <div className="toolbar">
            <SearchBox label={t("search")} value={search.q} onChange={(q) => onFilter({ q })} />
            <Select
                className="filter-select"
                aria-label={t("module")}
                placeholder={t("module")}
                allowClear
                value={search.module || null}
                options={MODULES.map((value) => ({ value, label: t(`moduleName.${value}`) }))}
                onChange={(module) => onFilter({ module: module ?? "" })}
            />
            <SearchBox label={t("operator")} value={search.operator} onChange={(operator) => onFilter({ operator })} />
            <WallRange
                from={search.from}
                to={search.to}
                labels={[t("from"), t("to")]}
                presets={usePresets()}
                onChange={(range) => onFilter(range)}
            />
            <Checkbox
                checked={search.result === "refused"}
                onChange={(event) => onFilter({ result: event.target.checked ? "refused" : "" })}
            >
                {t("refusedOnly")}
            </Checkbox>
            <span className="toolbar-end">{chooser}</span>
        </div>
    );
}

const DAY_MS = 86_400_000;

/** Whole days of the enterprise, whatever the length of a day on which the clocks change. */
function usePresets() {
    const { t } = useTranslation("audit");
    const times = useTimes();
    const today = Date.parse(useToday());
    const midnight = (days: number) =>
        times.dateMinute(times.startOfDay(today + days * DAY_MS + DAY_MS / 2)).replace(" ", "T");
    return [
        { label: t("today"), range: { from: midnight(0), to: "" } },
        { label: t("yesterday"), range: { from: midnight(-1), to: midnight(0) } },
        { label: t("week"), range: { from: midnight(-6), to: "" } },
    ];
}
