// Chooses employees and visitors, several at once.

import { useQuery } from "@tanstack/react-query";
import { Select } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { DisplayPerson } from "#api/gen/smartpass/v1/displays_http";
import { listEmployees } from "#api/gen/smartpass/v1/people_http";
import { listVisitors } from "#api/gen/smartpass/v1/visitors_http";
import { pageQuery } from "#api/query";
import { may, useSession } from "#api/session";

interface DisplayPeopleProps {
    /** As antd's Form.Item hands it down. */
    id?: string;
    value?: string[];
    onChange?: (ids: string[]) => void;
    /** Whose it is so far. */
    before: readonly DisplayPerson[];
}

interface Option {
    value: string;
    label: string;
    number: string;
}

const MOST_OPTIONS = 20;
// The API takes 96 bytes, and a Chinese character is three of them.
const MOST_CHARACTERS = 32;

const optionOf = ({ id, name, number }: { id: string; name: string; number: string }): Option => ({
    value: id,
    label: name,
    number,
});

export function DisplayPeople({ id, value = [], onChange, before }: DisplayPeopleProps) {
    const { t } = useTranslation("displays");
    const session = useSession();
    const [typed, setTyped] = useState("");
    const [picked, setPicked] = useState(() => before.map((one) => optionOf({ ...one, id: one.personId })));
    const request = { query: typed.slice(0, MOST_CHARACTERS), pageSize: MOST_OPTIONS };
    const [seesEmployees, seesVisitors] = [may(session, listEmployees), may(session, listVisitors)];
    const employees = useQuery({ ...pageQuery(listEmployees, request), enabled: seesEmployees });
    const visitors = useQuery({ ...pageQuery(listVisitors, request), enabled: seesVisitors });
    const found = [...(employees.data?.employees ?? []), ...(visitors.data?.visitors ?? [])].map(optionOf);
    // Whoever is chosen is named, whatever was searched for since.
    const hidden = picked.filter(
        (one) => value.includes(one.value) && !found.some((other) => other.value === one.value),
    );
    const busy = employees.isFetching || visitors.isFetching;
    const permitted = seesEmployees || seesVisitors;
    return (
        <Select
            {...(id && { id })}
            mode="multiple"
            disabled={!permitted}
            placeholder={t(permitted ? "peopleSearch" : "peopleForbidden")}
            showSearch={{ filterOption: false, onSearch: setTyped }}
            loading={busy}
            notFoundContent={busy ? null : t("noMatch")}
            options={[...found, ...hidden]}
            optionRender={({ data, label }) => (
                <span className="display-option">
                    {label} <span className="meta">{data.number}</span>
                </span>
            )}
            value={value}
            onChange={(ids: string[]) => {
                setPicked([...found, ...hidden].filter((one) => ids.includes(one.value)));
                onChange?.(ids);
            }}
        />
    );
}
