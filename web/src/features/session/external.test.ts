import { expect, it } from "vitest";
import { keepDeparture, takeDeparture } from "./external";

function storage(): Storage {
    const kept = new Map<string, string>();
    return {
        getItem: (key: string) => kept.get(key) ?? null,
        setItem: (key: string, value: string) => void kept.set(key, value),
        removeItem: (key: string) => void kept.delete(key),
    } as Storage;
}

it("gives what binds a sign-in to this browser once", () => {
    const tab = storage();
    keepDeparture(tab, { binding: "b", next: "/passes" });
    expect(takeDeparture(tab)).toEqual({ binding: "b", next: "/passes" });
    expect(takeDeparture(tab)).toBeUndefined();
});

it("takes nothing for a departure that is none", () => {
    const tab = storage();
    for (const kept of ["", "{", "7", '{"binding":7,"next":"/"}']) {
        tab.setItem("smartpass.external", kept);
        expect(takeDeparture(tab)).toBeUndefined();
    }
});
