// Live events in components.

import { useEffect, useRef, useSyncExternalStore } from "react";
import { type LiveEvent, live } from "#api/live";

export const useLiveState = () =>
    useSyncExternalStore(
        (listener) => live.onState(listener),
        () => live.state,
    );

/** Runs `handle` for each event while the component is on screen; the latest `handle` is the one that runs. */
export function useLiveEvents(handle: (event: LiveEvent) => void): void {
    const latest = useRef(handle);
    latest.current = handle;
    useEffect(() => live.subscribe((event) => latest.current(event)), []);
}

/**
 * Calls `run` at once, and then at most once in `intervalMs` however often it is asked; what was asked in between is
 * done once at the end.
 */
export function useThrottled(run: () => void, intervalMs: number): () => void {
    const latest = useRef(run);
    latest.current = run;
    const state = useRef({ timer: 0, asked: false });

    useEffect(() => {
        const current = state.current;
        return () => {
            window.clearTimeout(current.timer);
            current.timer = 0;
        };
    }, []);

    const ask = useRef(() => {
        const current = state.current;
        if (current.timer) {
            current.asked = true;
            return;
        }
        latest.current();
        const tick = () => {
            current.timer = 0;
            if (!current.asked) return;
            current.asked = false;
            ask.current();
        };
        current.timer = window.setTimeout(tick, intervalMs);
    });
    return ask.current;
}
