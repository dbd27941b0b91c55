// The reader's language and colours, kept in this browser.

import { useSyncExternalStore } from "react";

export type Language = "en" | "zh";
export type Scheme = "light" | "dark";

export interface Appearance {
    readonly language: Language;
    readonly scheme: Scheme;
}

const KEY = "smartpass.appearance";
const listeners = new Set<() => void>();
let current = load();

function load(): Appearance {
    const kept = keptAppearance();
    return {
        language: kept.language ?? (navigator.language.startsWith("zh") ? "zh" : "en"),
        scheme: kept.scheme ?? (window.matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light"),
    };
}

function keptAppearance(): { -readonly [K in keyof Appearance]?: Appearance[K] } {
    try {
        const kept = JSON.parse(localStorage.getItem(KEY) ?? "{}") as Record<string, unknown>;
        return {
            ...((kept.language === "en" || kept.language === "zh") && { language: kept.language }),
            ...((kept.scheme === "light" || kept.scheme === "dark") && { scheme: kept.scheme }),
        };
    } catch {
        // A browser that keeps nothing starts from its own preferences each time.
        return {};
    }
}

export const appearance = () => current;

/** As the browser likes it; undefined fields of what somebody chose fall back to it. */
export function forgetAppearance(...names: readonly (keyof Appearance)[]): void {
    const kept = keptAppearance();
    for (const name of names) delete kept[name];
    keep(kept);
    current = load();
    applyAppearance();
    for (const listener of listeners) listener();
}

function keep(kept: Partial<Appearance>): void {
    try {
        localStorage.setItem(KEY, JSON.stringify(kept));
    } catch {
        // Then it lasts as long as this page.
    }
}

export function setAppearance(change: Partial<Appearance>): void {
    current = { ...current, ...change };
    keep({ ...keptAppearance(), ...change });
    applyAppearance();
    for (const listener of listeners) listener();
}

/** The style sheet and the browser's own controls follow the document's attributes. */
export function applyAppearance(): void {
    document.documentElement.dataset.scheme = current.scheme;
    document.documentElement.lang = current.language === "zh" ? "zh-CN" : "en";
}

export const useAppearance = () =>
    useSyncExternalStore((listener) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
    }, appearance);
