// How a user likes the console, kept on the server. Changes are gathered for a moment and then applied to what the server
// has by then, so that two browsers of one user do not undo each other's.

import { getProfile, type Preferences, type Profile, updateProfile } from "./gen/smartpass/v1/account_http";

export type { Preferences };
export type Change = (preferences: Preferences) => Preferences;

export const NO_PREFERENCES: Preferences = { language: "", theme: "", temperatureUnit: "", lists: [] };

/** What the keeper needs of its surroundings; tests bring their own. */
export interface PreferencesPort {
    read(): Promise<Profile>;
    write(profile: Profile): Promise<Profile>;
    setTimer(run: () => void, ms: number): number;
    clearTimer(timer: number): void;
}

const PAUSE_MS = 500;

export class PreferencesKeeper {
    private changes: readonly Change[] = [];
    private timer = 0;
    private writing: Promise<void> | null = null;

    constructor(
        private readonly port: PreferencesPort,
        /** Hears how each writing ended. */
        private readonly onEnd: (profile: Profile | undefined, error: unknown) => void,
    ) {}

    /** Takes the change down and writes it, with those that follow at once, after a short pause. */
    change(change: Change): void {
        this.changes = [...this.changes, change];
        this.port.clearTimer(this.timer);
        this.timer = this.port.setTimer(() => void this.flush(), PAUSE_MS);
    }

    /** What has not reached the server yet, on top of what it is known to have. */
    withPending(preferences: Preferences): Preferences {
        return this.changes.reduce((kept, change) => change(kept), preferences);
    }

    /** Writes what waits; resolves when it has ended, whichever way. One writing at a time: they follow each other. */
    async flush(): Promise<void> {
        this.port.clearTimer(this.timer);
        while (this.writing) await this.writing;
        const { changes } = this;
        if (changes.length === 0) return;
        this.writing = this.write(changes);
        await this.writing;
    }

    private async write(changes: readonly Change[]): Promise<void> {
        let profile: Profile | undefined;
        let failure: unknown;
        try {
            const known = await this.port.read();
            const preferences = changes.reduce((kept, change) => change(kept), known.preferences ?? NO_PREFERENCES);
            profile = await this.port.write({ ...known, preferences });
        } catch (error) {
            failure = error;
        }
        this.changes = this.changes.slice(changes.length);
        this.writing = null;
        this.onEnd(profile, failure);
    }
}

export const browserPreferencesPort: PreferencesPort = {
    read: () => getProfile({}),
    write: (profile) => updateProfile({ profile: { ...profile, preferences: plain(profile.preferences) } }),
    setTimer: (run, ms) => window.setTimeout(run, ms),
    clearTimer: (timer) => window.clearTimeout(timer),
};

/** As requests want it: lists that can be changed. */
export const plain = (preferences: Preferences = NO_PREFERENCES) => ({
    ...preferences,
    lists: preferences.lists.map((list) => ({ ...list, columns: [...list.columns] })),
});
