// Chooses one group; the list is indented as the tree is.

import { Select } from "antd";
import type { Group } from "#api/gen/smartpass/v1/org_http";
import { groupRows } from "#lib/groupTree";

interface GroupSelectProps {
    /** As antd's Form.Item hands it down. */
    id?: string;
    value?: string;
    onChange?: (id: string) => void;
    groups: readonly Group[];
    /** Why a group cannot be chosen; it stays in the list and says so. */
    blocked?: (id: string) => string | undefined;
    "aria-label"?: string;
    autoFocus?: boolean;
    disabled?: boolean;
}

const INDENT_PX = 16;

export function GroupSelect({ groups, blocked, ...select }: GroupSelectProps) {
    return (
        <Select
            {...select}
            showSearch={{ optionFilterProp: "label" }}
            options={groupRows(groups).map(({ group, depth }) => ({
                value: group.id,
                label: group.name,
                depth,
                reason: blocked?.(group.id),
                disabled: blocked?.(group.id) !== undefined,
            }))}
            optionRender={({ data, label }) => (
                <span style={{ paddingInlineStart: data.depth * INDENT_PX }}>
                    {label}
                    {data.reason && <span className="menu-reason">{data.reason}</span>}
                </span>
            )}
        />
    );
}
