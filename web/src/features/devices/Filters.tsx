import { Checkbox, Segmented, Select } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { deviceConditionNames } from "#api/gen/smartpass/v1/devices_http";
import { SearchBox } from "#ui/SearchBox";
import type { DevicesSearch } from "./search";

interface FiltersProps {
    search: DevicesSearch;
    onFilter: (change: Partial<DevicesSearch>) => void;
    children: ReactNode;
}

export function Filters({ search, onFilter, children }: FiltersProps) {
    const { t } = useTranslation("devices");
    const { t: ui } = useTranslation("ui");
    return (
        <div className="toolbar">
            <SearchBox label={t("search")} value={search.q} onChange={(q) => onFilter({ q })} />
            <Segmented<DevicesSearch["state"]>
                aria-label={t("state")}
                value={search.state}
                onChange={(state) => onFilter({ state })}
                options={[
                    { value: "", label: t("total") },
                    { value: "DEVICE_STATE_ONLINE", label: ui("deviceState.DEVICE_STATE_ONLINE") },
                    { value: "DEVICE_STATE_OFFLINE", label: ui("deviceState.DEVICE_STATE_OFFLINE") },
                ]}
            />
            <Select
                className="filter-select"
                aria-label={t("condition.label")}
                placeholder={t("condition.label")}
                allowClear
                value={search.condition || null}
                options={deviceConditionNames.map((value) => ({ value, label: t(`condition.${value}`) }))}
                onChange={(condition) => onFilter({ condition: condition ?? "" })}
            />
            <Checkbox
                checked={search.waiting === "yes"}
                onChange={(event) => onFilter({ waiting: event.target.checked ? "yes" : "" })}
            >
                {t("waitingOnly")}
            </Checkbox>
            {search.version !== "" && (
                <button type="button" className="filter-chip" onClick={() => onFilter({ version: "" })}>
                    {t("version", { version: search.version })} ×
                </button>
            )}
            <span className="toolbar-end">{children}</span>
        </div>
    );
}
