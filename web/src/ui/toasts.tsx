// Short messages about what an action did. Mistakes in a form stand in the form instead.

import { useEffect, useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";
import { CrossIcon } from "./icons";

export interface Toast {
    readonly id: number;
    readonly tone: "ok" | "bad";
    readonly words: string;
}

const SHOWN_MS = 5_000;

let toasts: readonly Toast[] = [];
let nextId = 1;
const listeners = new Set<() => void>();

function change(next: readonly Toast[]): void {
    toasts = next;
    for (const listener of listeners) listener();
}

/** Failures stay until dismissed. */
export function toast(tone: Toast["tone"], words: string): void {
    change([...toasts, { id: nextId++, tone, words }]);
}

const dismiss = (id: number) => change(toasts.filter((one) => one.id !== id));

export function Toasts() {
    const { t } = useTranslation("ui");
    const shown = useSyncExternalStore(
        (listener) => {
            listeners.add(listener);
            return () => listeners.delete(listener);
        },
        () => toasts,
    );
    return (
        <section className="toasts" aria-label={t("notifications")} aria-live="polite">
            {shown.map((one) => (
                <ToastCard key={one.id} toast={one} />
            ))}
        </section>
    );
}

function ToastCard({ toast: { id, tone, words } }: { toast: Toast }) {
    const { t } = useTranslation("ui");
    useEffect(() => {
        if (tone === "bad") return;
        const timer = window.setTimeout(() => dismiss(id), SHOWN_MS);
        return () => window.clearTimeout(timer);
    }, [id, tone]);
    return (
        <div className={`toast toast-${tone}`}>
            <span>{words}</span>
            <button type="button" className="icon-button" aria-label={t("dismiss")} onClick={() => dismiss(id)}>
                <CrossIcon size={14} />
            </button>
        </div>
    );
}
