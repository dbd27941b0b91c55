// A small coloured word for a state. The shape says the same as the colour, for whoever cannot tell colours apart.

import type { ReactNode } from "react";
import { BangIcon, CrossIcon, DashIcon, TickIcon } from "./icons";

export type Tone = "ok" | "bad" | "warn" | "idle" | "visitor" | "info" | "alarm";

const SHAPES: Record<Tone, (() => ReactNode) | null> = {
    ok: () => <TickIcon size={12} />,
    bad: () => <CrossIcon size={12} />,
    warn: () => <BangIcon size={12} />,
    idle: () => <DashIcon size={12} />,
    alarm: () => <CrossIcon size={12} />,
    visitor: null,
    info: null,
};

interface PillProps {
    tone: Tone;
    /** Some pills are a plain word: who somebody is, not how something went. */
    plain?: boolean;
    children: ReactNode;
}

export function Pill({ tone, plain = false, children }: PillProps) {
    return (
        <span className={`pill pill-${tone}`}>
            {!plain && SHAPES[tone]?.()}
            {children}
        </span>
    );
}
