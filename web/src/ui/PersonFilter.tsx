// Says that a list shows one person only, and takes that back.

import { useQuery } from "@tanstack/react-query";
import { Tag } from "antd";
import { getEmployee } from "#api/gen/smartpass/v1/people_http";
import { query } from "#api/query";

interface PersonFilterProps {
    /** "": everybody. */
    id: string;
    label: string;
    onClear: () => void;
}

export function PersonFilter({ id, label, onClear }: PersonFilterProps) {
    const { data } = useQuery({ ...query(getEmployee, { id }), enabled: id !== "", retry: false });
    if (id === "") return null;
    return (
        <Tag className="filter-tag" closable={{ "aria-label": `${label} ×` }} onClose={onClear}>
            {label}: {data?.name ?? id}
        </Tag>
    );
}
