import { Select } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { grantFilterNames, photoFilterNames } from "#api/gen/smartpass/v1/people_http";
import { SearchBox } from "#ui/SearchBox";
import type { Kind } from "./kinds";
import type { PeopleSearch } from "./search";

interface FiltersProps {
    kind: Kind;
    search: PeopleSearch;
    onFilter: (change: Partial<PeopleSearch>) => void;
    /** The button that chooses columns. */
    chooser: ReactNode;
}

export function Filters({ kind, search, onFilter, chooser }: FiltersProps) {
    const { t } = useTranslation("people");
    return (
        <div className="toolbar">
            <SearchBox label={t("search")} value={search.q} onChange={(q) => onFilter({ q })} />
            <Select
                className="filter-select"
                aria-label={t("photoFilter")}
                placeholder={t("photoFilter")}
                allowClear
                value={search.photo || null}
                options={photoFilterNames.map((value) => ({ value, label: t(`photoState.${value}`) }))}
                onChange={(photo) => onFilter({ photo: photo ?? "" })}
            />
            <Select
                className="filter-select"
                aria-label={t(kind.passes ? "grantFilter" : "deviceFilter")}
                placeholder={t(kind.passes ? "grantFilter" : "deviceFilter")}
                allowClear
                value={search.granted || null}
                options={grantFilterNames.map((value) => ({ value, label: t(`grantState.${value}`) }))}
                onChange={(granted) => onFilter({ granted: granted ?? "" })}
            />
            <span className="toolbar-end">{chooser}</span>
        </div>
    );
}
