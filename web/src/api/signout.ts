// Signing out in one tab signs out all of them: they share the cookie.

const NAME = "smartpass-signout";

/** As a fresh page: nothing of the one who left stays in memory. */
export const toLogin = () => window.location.assign("/login");

export function announceSignOut(): void {
    const channel = new BroadcastChannel(NAME);
    channel.postMessage("");
    channel.close();
}

export function listenToSignOut(listener: () => void): () => void {
    const channel = new BroadcastChannel(NAME);
    channel.onmessage = listener;
    return () => channel.close();
}
