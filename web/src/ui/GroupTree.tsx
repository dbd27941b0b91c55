// The enterprise's groups, for choosing whose rows a list shows; below each group the sections of the list's module.

import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { type Group, listGroups, listSections, type Module, type Section } from "#api/gen/smartpass/v1/org_http";
import { query } from "#api/query";

export function useGroups(): readonly Group[] {
    return useQuery(query(listGroups, {})).data?.groups ?? [];
}

const NONE: readonly Section[] = [];

/** The module's own sections, of all groups. Nothing without a module. */
export function useSections(module: Module | undefined): readonly Section[] {
    const { data } = useQuery({ ...query(listSections, { ...(module && { module }) }), enabled: module !== undefined });
    return (module && data?.sections) ?? NONE;
}

export function groupName(groups: readonly { readonly id: string; readonly name: string }[], id: string): string {
    return groups.find((group) => group.id === id)?.name ?? "";
}

interface GroupTreeProps {
    /** "": all groups. */
    selected: string;
    /** A section of the group; "": the whole group. */
    section?: string;
    /** Whose sections stand below the groups; undefined: nobody's. */
    module?: Module;
    onSelect: (groupId: string, sectionId: string) => void;
}

/** Nothing while there is only one group without sections, because there is nothing to choose. */
export function GroupTree({ selected, section = "", module, onSelect }: GroupTreeProps) {
    const { t } = useTranslation("ui");
    const groups = useGroups();
    const sections = useSections(module);
    if (groups.length < 2 && sections.length === 0) return null;
    return (
        <nav className="panel group-tree" aria-label={t("groups")}>
            <h2>{t("groups")}</h2>
            <ul>
                <GroupItem name={t("allGroups")} current={selected === ""} onSelect={() => onSelect("", "")} />
                <Branch
                    groups={groups}
                    sections={sections}
                    parentId="0"
                    selected={selected}
                    section={section}
                    onSelect={onSelect}
                />
            </ul>
        </nav>
    );
}

interface BranchProps extends Required<Omit<GroupTreeProps, "module">> {
    groups: readonly Group[];
    sections: readonly Section[];
    parentId: string;
}

function Branch({ parentId, ...tree }: BranchProps) {
    const { groups, sections, selected, section, onSelect } = tree;
    return groups
        .filter((group) => group.parentId === parentId && group.id !== parentId)
        .map((group) => (
            <GroupItem
                key={group.id}
                name={group.name}
                current={group.id === selected && section === ""}
                onSelect={() => onSelect(group.id, "")}
            >
                {sections
                    .filter(({ groupId }) => groupId === group.id)
                    .map(({ id, name }) => (
                        <GroupItem
                            key={id}
                            name={name}
                            className="group-section"
                            current={id === section}
                            onSelect={() => onSelect(group.id, id)}
                        />
                    ))}
                <Branch {...tree} parentId={group.id} />
            </GroupItem>
        ));
}

interface GroupItemProps {
    name: string;
    current: boolean;
    className?: string;
    onSelect: () => void;
    children?: React.ReactNode;
}

function GroupItem({ name, current, className, onSelect, children }: GroupItemProps) {
    return (
        <li className={className}>
            <button type="button" aria-current={current ? "true" : undefined} onClick={onSelect}>
                {name}
            </button>
            {children && <ul>{children}</ul>}
        </li>
    );
}
