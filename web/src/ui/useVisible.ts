// Whether anybody can see the page: not while it is minimised or behind another tab.

import { useSyncExternalStore } from "react";

export function useVisible(): boolean {
    return useSyncExternalStore(onChange, () => document.visibilityState === "visible");
}

function onChange(listener: () => void): () => void {
    document.addEventListener("visibilitychange", listener);
    return () => document.removeEventListener("visibilitychange", listener);
}
