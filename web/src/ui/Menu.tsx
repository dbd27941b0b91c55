// A button that opens a list of actions. The browser's own popover brings it to the top, closes it on Escape and on a
// click elsewhere; the keys of a menu are here.

import { Button, type ButtonProps } from "antd";
import { type KeyboardEvent, useId, useRef, useState } from "react";

export interface MenuAction {
    readonly key: string;
    readonly label: string;
    readonly danger?: boolean;
    /** Why it cannot be used; the entry stays and says so. */
    readonly blocked?: string | undefined;
    readonly run: () => void;
}

interface MenuProps extends Omit<ButtonProps, "onClick" | "type"> {
    type?: "text" | "default";
    "aria-label": string;
    actions: readonly MenuAction[];
}

export function Menu({ actions, children, ...button }: MenuProps) {
    const id = useId();
    const opener = useRef<HTMLButtonElement>(null);
    const list = useRef<HTMLDivElement>(null);
    const [open, setOpen] = useState(false);

    const show = () => {
        if (open) return;
        const place = opener.current?.getBoundingClientRect();
        if (place && list.current) placeBelow(list.current, place);
        list.current?.showPopover();
        (list.current?.firstElementChild as HTMLElement | null)?.focus();
    };
    const choose = (action: MenuAction) => {
        if (action.blocked) return;
        list.current?.hidePopover();
        opener.current?.focus();
        action.run();
    };
    return (
        <>
            <Button
                {...button}
                ref={opener}
                aria-haspopup="menu"
                aria-expanded={open}
                aria-controls={id}
                onClick={show}
                onKeyDown={(event) => event.key === "ArrowDown" && show()}
            >
                {children}
            </Button>
            <div
                ref={list}
                id={id}
                className="menu"
                role="menu"
                tabIndex={-1}
                aria-label={button["aria-label"]}
                popover="auto"
                onToggle={(event) => setOpen(event.newState === "open")}
                onKeyDown={moveFocus}
            >
                {actions.map((action) => (
                    <button
                        key={action.key}
                        type="button"
                        role="menuitem"
                        tabIndex={-1}
                        className={action.danger && !action.blocked ? "menu-danger" : undefined}
                        aria-disabled={action.blocked !== undefined}
                        onClick={() => choose(action)}
                    >
                        {action.label}
                        {action.blocked && <span className="menu-reason">{action.blocked}</span>}
                    </button>
                ))}
            </div>
        </>
    );
}

const GAP = 4;
const LEAST_ROOM = 240;

/** Below the button and flush with its right edge; above it when there is no room below. */
function placeBelow(list: HTMLElement, place: DOMRect): void {
    list.style.right = `${Math.max(8, document.documentElement.clientWidth - place.right)}px`;
    const below = window.innerHeight - place.bottom > LEAST_ROOM;
    list.style.top = below ? `${place.bottom + GAP}px` : "auto";
    list.style.bottom = below ? "auto" : `${window.innerHeight - place.top + GAP}px`;
}

function moveFocus(event: KeyboardEvent<HTMLElement>): void {
    const entries = [...event.currentTarget.children] as HTMLElement[];
    const at = entries.indexOf(document.activeElement as HTMLElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1 + entries.length, Home: 0, End: entries.length - 1 }[event.key];
    if (to !== undefined) {
        event.preventDefault();
        entries[to % entries.length]?.focus();
    } else if (event.key === "Tab") {
        event.currentTarget.hidePopover();
    }
}
