// What a group holds, in the order in which it is said.

import type { GroupContent } from "#api/gen/smartpass/v1/org_http";

/** What moves to the group above when a group is deleted. */
const MOVING = ["groups", "users", "devices", "employees", "visitors", "blacklist"] as const;

const HELD = [...MOVING, "sections"] as const;

export interface Count {
    readonly what: (typeof HELD)[number];
    readonly count: number;
}

const counts = (content: GroupContent, kinds: readonly Count["what"][]): readonly Count[] =>
    kinds.map((what) => ({ what, count: content[what] })).filter(({ count }) => count > 0);

export const heldBy = (content: GroupContent) => counts(content, HELD);
export const movingFrom = (content: GroupContent) => counts(content, MOVING);
export const totalOf = (list: readonly Count[]) => list.reduce((total, { count }) => total + count, 0);

/** "a, b and c" with the language's own words between. */
export function enumerate(words: readonly string[], comma: string, and: string): string {
    const last = words.at(-1) ?? "";
    return words.length < 2 ? last : words.slice(0, -1).join(comma) + and + last;
}
