import { useSyncExternalStore } from "react";

const narrow = typeof window === "undefined" ? null : window.matchMedia("(max-width: 760px)");

/** The screen is a phone's: tables become cards, the rail becomes a menu. The same width as in the style sheets. */
export const useNarrow = () =>
    useSyncExternalStore(
        (listener) => {
            narrow?.addEventListener("change", listener);
            return () => narrow?.removeEventListener("change", listener);
        },
        () => narrow?.matches ?? false,
    );
