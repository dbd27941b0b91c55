// A tree of groups, known as the list that the server gives: parents before children, siblings by name. What stands at
// the top of what the reader sees has the parent "0".

export interface TreeGroup {
    readonly id: string;
    readonly parentId: string;
    readonly name: string;
}

export const TOP = "0";

/** The deepest that the server lets a tree become, counted in levels. */
export const MOST_LEVELS = 16;

export interface GroupRow<G extends TreeGroup> {
    readonly group: G;
    /** 0 at the top. */
    readonly depth: number;
    readonly hasChildren: boolean;
    /** Among its siblings, from 1; and how many they are. */
    readonly position: number;
    readonly siblings: number;
}

/** The tree from top to bottom as rows; what lies below a folded group is left out. */
export function groupRows<G extends TreeGroup>(
    groups: readonly G[],
    folded: ReadonlySet<string> = new Set(),
): readonly GroupRow<G>[] {
    const children = childrenOf(groups);
    const rows: GroupRow<G>[] = [];
    const walk = (parentId: string, depth: number) => {
        const siblings = children.get(parentId) ?? [];
        siblings.forEach((group, index) => {
            const hasChildren = children.has(group.id);
            rows.push({ group, depth, hasChildren, position: index + 1, siblings: siblings.length });
            if (!folded.has(group.id)) walk(group.id, depth + 1);
        });
    };
    walk(TOP, 0);
    return rows;
}

function childrenOf<G extends TreeGroup>(groups: readonly G[]): ReadonlyMap<string, G[]> {
    const children = new Map<string, G[]>();
    for (const group of groups) {
        const siblings = children.get(group.parentId);
        if (siblings) siblings.push(group);
        else children.set(group.parentId, [group]);
    }
    return children;
}

const find = <G extends TreeGroup>(groups: readonly G[], id: string) => groups.find((group) => group.id === id);

/** The group and everything above it, from the top. Empty for a group that is not in the list. */
export function pathTo<G extends TreeGroup>(groups: readonly G[], id: string): readonly G[] {
    const path: G[] = [];
    for (let at = find(groups, id); at && path.length < MOST_LEVELS; at = find(groups, at.parentId)) path.unshift(at);
    return path;
}

export const isWithin = (groups: readonly TreeGroup[], id: string, ancestorId: string): boolean =>
    pathTo(groups, id).some((group) => group.id === ancestorId);

/** Levels of the subtree whose top is the group. */
function levelsBelow(groups: readonly TreeGroup[], id: string): number {
    const depths = groups.filter((group) => isWithin(groups, group.id, id)).map(({ id }) => pathTo(groups, id).length);
    return Math.max(...depths) - pathTo(groups, id).length + 1;
}

export type MoveProblem = "ROOT_STAYS" | "GROUP_CIRCLE" | "ALREADY_THERE" | "GROUP_TOO_DEEP" | "NAME_TAKEN";

/** Why the group cannot move below another one; undefined when nothing is in the way. The server looks again. */
export function moveProblem(groups: readonly TreeGroup[], id: string, toId: string): MoveProblem | undefined {
    const group = find(groups, id);
    if (!group || group.parentId === TOP) return "ROOT_STAYS";
    if (isWithin(groups, toId, id)) return "GROUP_CIRCLE";
    if (group.parentId === toId) return "ALREADY_THERE";
    if (pathTo(groups, toId).length + levelsBelow(groups, id) > MOST_LEVELS) return "GROUP_TOO_DEEP";
    if (groups.some((other) => other.parentId === toId && other.name === group.name)) return "NAME_TAKEN";
    return undefined;
}
