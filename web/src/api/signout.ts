// Signing out in one tab signs out all of them: they share the cookie.

const NAME = "smartpass-signout";

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
