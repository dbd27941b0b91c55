// Chooses one terminal, or none.

import { useQuery } from "@tanstack/react-query";
import { Select } from "antd";
import { useState } from "react";
import { type DeviceState, getDevice, listDevices } from "#api/gen/smartpass/v1/devices_http";
import { pageQuery, query } from "#api/query";

interface DeviceSelectProps {
    /** "": none. */
    value: string;
    onChange: (id: string) => void;
    label: string;
    /** Offers only those that are so. */
    state?: DeviceState;
    /** Does not offer this one. */
    except?: string;
    disabled?: boolean;
    /** As wide as what is around it. */
    wide?: boolean;
}

const MOST_OPTIONS = 50;

export function DeviceSelect({
    value,
    onChange,
    label,
    state,
    except = "",
    disabled = false,
    wide = false,
}: DeviceSelectProps) {
    const [typed, setTyped] = useState("");
    const list = useQuery(pageQuery(listDevices, { query: typed, pageSize: MOST_OPTIONS, ...(state && { state }) }));
    const options = (list.data?.devices ?? [])
        .filter(({ id }) => id !== except)
        .map(({ id, name }) => ({ value: id, label: name }));

    // The chosen one may be beyond what was searched for.
    const unlisted = value !== "" && !options.some((option) => option.value === value);
    const chosen = useQuery({ ...query(getDevice, { id: value }), enabled: unlisted && list.isSuccess });
    if (unlisted) options.unshift({ value, label: chosen.data?.name ?? value });

    return (
        <Select
            className={wide ? "wide-select" : "filter-select"}
            disabled={disabled}
            aria-label={label}
            placeholder={label}
            allowClear
            showSearch={{ filterOption: false, onSearch: setTyped }}
            loading={list.isFetching}
            options={options}
            value={value || null}
            onChange={(next) => onChange(next ?? "")}
        />
    );
}
