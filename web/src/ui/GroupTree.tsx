// The enterprise's groups, for choosing whose rows a list shows.

import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { type Group, listGroups } from "#api/gen/smartpass/v1/org_http";
import { query } from "#api/query";

export function useGroups(): readonly Group[] {
    return useQuery(query(listGroups, {})).data?.groups ?? [];
}

export function groupName(groups: readonly Group[], id: string): string {
    return groups.find((group) => group.id === id)?.name ?? "";
}

interface GroupTreeProps {
    /** "": all groups. */
    selected: string;
    onSelect: (id: string) => void;
}

/** Nothing while there is only one group, because there is nothing to choose. */
export function GroupTree({ selected, onSelect }: GroupTreeProps) {
    const { t } = useTranslation("ui");
    const groups = useGroups();
    if (groups.length < 2) return null;
    return (
        <nav className="panel group-tree" aria-label={t("groups")}>
            <h2>{t("groups")}</h2>
            <ul>
                <GroupItem name={t("allGroups")} current={selected === ""} onSelect={() => onSelect("")} />
                <Branch groups={groups} parentId="0" selected={selected} onSelect={onSelect} />
            </ul>
        </nav>
    );
}

function Branch({
    groups,
    parentId,
    selected,
    onSelect,
}: GroupTreeProps & { groups: readonly Group[]; parentId: string }) {
    return groups
        .filter((group) => group.parentId === parentId && group.id !== parentId)
        .map((group) => (
            <GroupItem
                key={group.id}
                name={group.name}
                current={group.id === selected}
                onSelect={() => onSelect(group.id)}
            >
                <Branch groups={groups} parentId={group.id} selected={selected} onSelect={onSelect} />
            </GroupItem>
        ));
}

interface GroupItemProps {
    name: string;
    current: boolean;
    onSelect: () => void;
    children?: React.ReactNode;
}

function GroupItem({ name, current, onSelect, children }: GroupItemProps) {
    return (
        <li>
            <button type="button" aria-current={current ? "true" : undefined} onClick={onSelect}>
                {name}
            </button>
            {children && <ul>{children}</ul>}
        </li>
    );
}
