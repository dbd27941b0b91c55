// How far something is: a bar, and the same in words below it.

import type { ReactNode } from "react";

interface ProgressBarProps {
    /** What it is the progress of. */
    label: string;
    /** 0–100; undefined: not known. */
    percent: number | undefined;
    words: string;
    tone?: "running" | "ok" | "bad" | "idle";
    /** Behind the words. */
    children?: ReactNode;
}

export function ProgressBar({ label, percent, words, tone = "running", children }: ProgressBarProps) {
    return (
        <div className="meter">
            <div
                className={`meter-bar is-${tone}`}
                role="progressbar"
                aria-label={label}
                aria-valuemin={0}
                aria-valuemax={100}
                {...(percent !== undefined && { "aria-valuenow": percent })}
                aria-valuetext={words}
            >
                <span style={{ width: `${percent ?? 0}%` }} />
            </div>
            <span className="meta">
                {words}
                {children}
            </span>
        </div>
    );
}
