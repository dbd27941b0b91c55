// A sign-in at the provider of OpenID Connect leaves this page and comes back to another one. What binds the two is kept
// in this tab's storage, so that an answer that another browser asked for is of no use here.

const KEY = "smartpass.external";

export interface Departure {
    readonly binding: string;
    /** Where to go after signing in. */
    readonly next: string;
}

export const CALLBACK_PATH = "/sign-in/external";

export function keepDeparture(storage: Storage, departure: Departure): void {
    storage.setItem(KEY, JSON.stringify(departure));
}

/** Gives it once: a second answer to the same departure is refused here already. */
export function takeDeparture(storage: Storage): Departure | undefined {
    const kept = storage.getItem(KEY);
    storage.removeItem(KEY);
    try {
        const { binding, next } = JSON.parse(kept ?? "") as Partial<Departure>;
        return typeof binding === "string" && typeof next === "string" ? { binding, next } : undefined;
    } catch {
        return undefined;
    }
}
