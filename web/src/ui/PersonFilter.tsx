// Says that a list shows one person only, and takes that back.

import { useQuery } from "@tanstack/react-query";
import { Tag } from "antd";
import { getBlacklistEntry } from "#api/gen/smartpass/v1/blacklist_http";
import { getEmployee } from "#api/gen/smartpass/v1/people_http";
import { getVisitor } from "#api/gen/smartpass/v1/visitors_http";
import { query } from "#api/query";
import { may, useSession } from "#api/session";
import type { Unary } from "#api/transport";

interface PersonFilterProps {
    /** "": everybody. */
    id: string;
    label: string;
    onClear: () => void;
}

export function PersonFilter({ id, label, onClear }: PersonFilterProps) {
    const name = useName(id);
    if (id === "") return null;
    return (
        <Tag className="filter-tag" closable={{ "aria-label": `${label} ×` }} onClose={onClear}>
            {label}: {name ?? id}
        </Tag>
    );
}

/** The address does not say of which kind somebody is: most are employees, so the others are asked for after them. */
function useName(id: string): string | undefined {
    const employee = useNameOf(getEmployee, id, true);
    const visitor = useNameOf(getVisitor, id, employee.missing);
    const entry = useNameOf(getBlacklistEntry, id, employee.missing && visitor.missing);
    return employee.name ?? visitor.name ?? entry.name;
}

function useNameOf(get: Unary<{ id?: string }, { readonly name: string }>, id: string, asked: boolean) {
    const permitted = may(useSession(), get);
    const { data, isError } = useQuery({
        ...query(get, { id }),
        enabled: asked && permitted && id !== "",
        retry: false,
    });
    return { name: data?.name, missing: isError || !permitted };
}
