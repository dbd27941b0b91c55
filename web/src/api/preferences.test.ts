import { describe, expect, it } from "vitest";
import type { Profile } from "./gen/smartpass/v1/account_http";
import { NO_PREFERENCES, PreferencesKeeper } from "./preferences";

function setting() {
    const timers = new Map<number, () => void>();
    const written: Profile[] = [];
    const ends: unknown[] = [];
    let stored = { username: "ann", displayName: "Ann", preferences: NO_PREFERENCES } as Profile;
    let next = 1;
    let fails = false;
    const keeper = new PreferencesKeeper(
        {
            read: async () => stored,
            write: async (profile) => {
                if (fails) throw new Error("no");
                written.push(profile);
                stored = profile;
                return profile;
            },
            setTimer: (run) => {
                timers.set(next, run);
                return next++;
            },
            clearTimer: (timer) => timers.delete(timer),
        },
        (profile, error) => ends.push(profile ?? error),
    );
    return {
        keeper,
        written,
        timers,
        ends,
        elsewhere: (change: Partial<Profile>) => {
            stored = { ...stored, ...change };
        },
        fail: () => {
            fails = true;
        },
    };
}

const theme = (value: string) => (kept: typeof NO_PREFERENCES) => ({ ...kept, theme: value });
const language = (value: string) => (kept: typeof NO_PREFERENCES) => ({ ...kept, language: value });

describe("the keeper of preferences", () => {
    it("writes changes that follow each other as one", async () => {
        const { keeper, written, timers } = setting();
        keeper.change(theme("dark"));
        keeper.change(language("zh"));
        keeper.change(theme("light"));
        expect(timers.size).toBe(1);
        await keeper.flush();
        expect(written.map(({ preferences }) => preferences)).toEqual([
            { ...NO_PREFERENCES, theme: "light", language: "zh" },
        ]);
    });

    it("leaves alone what another browser has changed meanwhile", async () => {
        const { keeper, written, elsewhere } = setting();
        keeper.change(theme("dark"));
        elsewhere({ displayName: "Ann B", preferences: { ...NO_PREFERENCES, language: "zh" } });
        await keeper.flush();
        expect(written[0]).toMatchObject({ displayName: "Ann B", preferences: { theme: "dark", language: "zh" } });
    });

    it("shows what is not written yet, and only that", async () => {
        const { keeper } = setting();
        keeper.change(theme("dark"));
        expect(keeper.withPending(NO_PREFERENCES).theme).toBe("dark");
        await keeper.flush();
        expect(keeper.withPending(NO_PREFERENCES).theme).toBe("");
    });

    it("keeps a change that came while another was written", async () => {
        const { keeper, written } = setting();
        keeper.change(theme("dark"));
        const first = keeper.flush();
        keeper.change(language("zh"));
        await first;
        await keeper.flush();
        expect(written.length).toBe(2);
        expect(written[1]?.preferences).toMatchObject({ theme: "dark", language: "zh" });
    });

    it("says that it failed and does not try for ever", async () => {
        const { keeper, ends, fail } = setting();
        fail();
        keeper.change(theme("dark"));
        await keeper.flush();
        await keeper.flush();
        expect(ends).toEqual([new Error("no")]);
    });
});
