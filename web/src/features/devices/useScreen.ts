// Looks at a terminal's screen for as long as it is wanted: says so, asks again and again, and says when it is over.

import { useEffect, useState } from "react";
import { ApiError } from "#api/errors";
import { getScreen, leaveScreen, watchScreen } from "#api/gen/smartpass/v1/screens_http";
import { type Sight, seen } from "./screen";

const ASK_MS = 1_000;
const AGAIN_MS = 3_000;

export interface Look {
    readonly sight: Sight | undefined;
    /** Why it has ended. */
    readonly error: unknown;
    readonly retry: () => void;
}

export function useScreen(deviceId: string, wanted: boolean): Look {
    const [sight, setSight] = useState<Sight>();
    const [error, setError] = useState<unknown>();
    const [attempt, setAttempt] = useState(0);
    // biome-ignore lint/correctness/useExhaustiveDependencies: a new attempt begins anew.
    useEffect(() => {
        if (!wanted) return;
        const ending = new AbortController();
        setError(undefined);
        look(deviceId, setSight, ending.signal).catch((reason) => {
            if (!ending.signal.aborted) setError(reason);
        });
        return () => {
            ending.abort();
            // It need not be said: without us it ends by itself, a few seconds later.
            void leaveScreen({ deviceId }).catch(() => undefined);
        };
    }, [deviceId, wanted, attempt]);
    return { sight, error, retry: () => setAttempt((now) => now + 1) };
}

/** Until it is aborted or refused. */
async function look(deviceId: string, show: (sight: Sight) => void, signal: AbortSignal): Promise<void> {
    let sight: Sight | undefined;
    let watching = false;
    for (;;) {
        try {
            const answer = watching
                ? await getScreen({ deviceId, after: sight?.frame ?? "0" }, { signal })
                : await watchScreen({ deviceId }, { signal });
            signal.throwIfAborted();
            watching = true;
            sight = seen(sight, answer, Date.now());
            show(sight);
            await passed(ASK_MS, signal);
        } catch (error) {
            if (signal.aborted || !(error instanceof ApiError)) throw error;
            // The computer slept, or another window of the same user has left.
            if (error.reason === "NOT_WATCHING") watching = false;
            else if (!error.temporary) throw error;
            await passed(error.temporary ? AGAIN_MS : 0, signal);
        }
    }
}

function passed(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
        const timer = window.setTimeout(resolve, ms);
        signal.addEventListener("abort", () => {
            window.clearTimeout(timer);
            reject(signal.reason);
        });
    });
}
