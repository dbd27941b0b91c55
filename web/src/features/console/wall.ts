// What the wall of live passes shows. Pure: tiles in, tiles out.

import type { Pass } from "#api/gen/smartpass/v1/pass_http";
import type { LiveEvent } from "#api/live";

export interface Wall {
    /** Newest first. */
    readonly tiles: readonly Pass[];
    /** Arrived while paused, newest first; null: not paused. */
    readonly held: readonly Pass[] | null;
}

export const EMPTY_WALL: Wall = { tiles: [], held: null };

/** More than any screen shows at once. */
export const MOST_TILES = 24;

// When the server had it, not when the terminal says it was: a terminal that was cut off sends old passes late.
const arrival = (pass: Pass) => pass.receiveTime ?? pass.occurTime ?? "";

const newestFirst = (a: Pass, b: Pass) => {
    const [left, right] = [Date.parse(arrival(a)) || 0, Date.parse(arrival(b)) || 0];
    return right - left || (BigInt(b.id) > BigInt(a.id) ? 1 : -1);
};

function merge(known: readonly Pass[], arrived: readonly Pass[]): readonly Pass[] {
    const byId = new Map(known.map((pass) => [pass.id, pass]));
    for (const pass of arrived) {
        const before = byId.get(pass.id);
        // A list that was read before the picture arrived must not take it away again.
        byId.set(pass.id, before?.hasSnapshot ? { ...pass, hasSnapshot: true } : pass);
    }
    return [...byId.values()].sort(newestFirst).slice(0, MOST_TILES);
}

const withSnapshot = (passes: readonly Pass[], id: string) =>
    passes.some((pass) => pass.id === id && !pass.hasSnapshot)
        ? passes.map((pass) => (pass.id === id ? { ...pass, hasSnapshot: true } : pass))
        : passes;

/** Adds what a list said, for instance after loading or after too much was missed. */
export const withList = (wall: Wall, passes: readonly Pass[]): Wall =>
    wall.held ? wall : { ...wall, tiles: merge(wall.tiles, passes) };

/** The same wall when the event says nothing about it. */
export function withEvent(wall: Wall, event: LiveEvent): Wall {
    if (event.pass) {
        if (wall.held) return { ...wall, held: merge(wall.held, [event.pass]) };
        return { ...wall, tiles: merge(wall.tiles, [event.pass]) };
    }
    if (event.snapshot) {
        const tiles = withSnapshot(wall.tiles, event.snapshot.passId);
        const held = wall.held && withSnapshot(wall.held, event.snapshot.passId);
        return tiles === wall.tiles && held === wall.held ? wall : { tiles, held };
    }
    return wall;
}

export const paused = (wall: Wall): Wall => (wall.held ? wall : { ...wall, held: [] });

export const resumed = (wall: Wall): Wall => (wall.held ? { tiles: merge(wall.tiles, wall.held), held: null } : wall);
