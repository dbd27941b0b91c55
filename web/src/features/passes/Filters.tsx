import { Select } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { passResultNames, passStateNames, personKindNames } from "#api/gen/smartpass/v1/types_http";
import { DeviceSelect } from "#ui/DeviceSelect";
import { PersonFilter } from "#ui/PersonFilter";
import { SearchBox } from "#ui/SearchBox";
import { useTimes, useToday } from "#ui/useTimes";
import { WallRange } from "#ui/WallRange";
import type { PassesSearch } from "./search";

interface FiltersProps {
    search: PassesSearch;
    onFilter: (change: Partial<PassesSearch>) => void;
    chooser: ReactNode;
}

export function Filters({ search, onFilter, chooser }: FiltersProps) {
    const { t } = useTranslation("passes");
    const { t: ui } = useTranslation("ui");
    return (
        <div className="toolbar">
            <SearchBox label={t("search")} value={search.q} onChange={(q) => onFilter({ q })} />
            <DeviceSelect label={t("device")} value={search.device} onChange={(device) => onFilter({ device })} />
            <Choice
                label={t("kind")}
                value={search.kind}
                options={personKindNames.map((value) => ({ value, label: ui(`kind.${value}`) }))}
                onChange={(kind) => onFilter({ kind })}
            />
            <Choice
                label={t("state")}
                value={search.state}
                options={passStateNames.map((value) => ({ value, label: ui(`passState.${value}`) }))}
                onChange={(state) => onFilter({ state })}
            />
            <Choice
                label={t("result")}
                value={search.result}
                options={passResultNames.map((value) => ({ value, label: ui(`result.${value}`) }))}
                onChange={(result) => onFilter({ result })}
            />
            <WallRange
                from={search.from}
                to={search.to}
                labels={[t("from"), t("to")]}
                presets={usePresets()}
                onChange={(range) => onFilter(range)}
            />
            <PersonFilter id={search.person} label={t("person")} onClear={() => onFilter({ person: "" })} />
            <span className="toolbar-end">{chooser}</span>
        </div>
    );
}

interface ChoiceProps<T extends string> {
    label: string;
    value: T | "";
    options: readonly { value: T; label: string }[];
    onChange: (value: T | "") => void;
}

function Choice<T extends string>({ label, value, options, onChange }: ChoiceProps<T>) {
    return (
        <Select<T | null>
            className="filter-select"
            aria-label={label}
            placeholder={label}
            allowClear
            value={value || null}
            options={[...options]}
            onChange={(next) => onChange(next ?? "")}
        />
    );
}

const DAY_MS = 86_400_000;

/** Whole days of the enterprise, whatever the length of a day on which the clocks change. */
function usePresets() {
    const { t } = useTranslation("passes");
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
