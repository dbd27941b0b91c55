import { useEffect, useState } from "react";
import { ApiError } from "#api/errors";

export const isLock = (error: unknown): error is ApiError =>
    error instanceof ApiError && error.reason === "LOGIN_LOCKED";

/** Seconds until the server listens again; 0: it does. */
export function useLock(error: unknown): number {
    const [left, setLeft] = useState(0);
    useEffect(() => {
        if (!isLock(error)) return setLeft(0);
        const until = Date.now() + Number(error.metadata.retry_after_seconds ?? 1) * 1000;
        const show = () => setLeft(Math.max(0, Math.ceil((until - Date.now()) / 1000)));
        show();
        const timer = window.setInterval(show, 250);
        return () => window.clearInterval(timer);
    }, [error]);
    return left;
}
