// Chooses the employee whom a visitor comes to see, or nobody in particular.

import { useQuery } from "@tanstack/react-query";
import { Select } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { listEmployees } from "#api/gen/smartpass/v1/people_http";
import { pageQuery } from "#api/query";
import { may, useSession } from "#api/session";

interface HostSelectProps {
    /** As antd's Form.Item hands it down. */
    id?: string;
    value?: string;
    onChange?: (employeeId: string) => void;
    /** Of the host whom the visitor has; empty when the reader does not see him. */
    name: string;
}

const NOBODY = "0";
const MOST_OPTIONS = 20;
// The API takes 96 bytes, and a Chinese character is three of them.
const MOST_CHARACTERS = 32;

export function HostSelect({ id, value = NOBODY, onChange, name }: HostSelectProps) {
    const { t } = useTranslation("people");
    const permitted = may(useSession(), listEmployees);
    const [typed, setTyped] = useState("");
    const [before] = useState({ value, label: name || t("form.hostUnseen") });
    const query = typed.slice(0, MOST_CHARACTERS);
    const list = useQuery({ ...pageQuery(listEmployees, { query, pageSize: MOST_OPTIONS }), enabled: permitted });
    const options = (list.data?.employees ?? []).map((employee) => ({
        value: employee.id,
        label: employee.name,
        number: employee.number,
    }));
    // Whom he came to see before is offered whatever was searched for.
    const offered =
        before.value === NOBODY || options.some((option) => option.value === before.value)
            ? options
            : [{ ...before, number: "" }, ...options];
    return (
        <Select
            {...(id && { id })}
            allowClear
            disabled={!permitted}
            placeholder={t(permitted ? "form.hostSearch" : "form.hostForbidden")}
            showSearch={{ filterOption: false, onSearch: setTyped }}
            loading={list.isFetching}
            notFoundContent={list.isFetching ? null : t("of.employees.noMatch")}
            options={offered}
            optionRender={({ data, label }) => (
                <span className="host-option">
                    {label} <span className="meta">{data.number}</span>
                </span>
            )}
            value={value === NOBODY ? null : value}
            onChange={(next) => onChange?.(next ?? NOBODY)}
        />
    );
}
