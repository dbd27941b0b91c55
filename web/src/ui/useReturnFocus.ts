import { useEffect, useState } from "react";

/**
 * For a dialog that exists only while it is open: when it goes, the focus returns to what opened it, so that whoever
 * works with the keyboard does not start at the top of the page again.
 */
export function useReturnFocus(): void {
    const [opener] = useState(() => document.activeElement);
    useEffect(
        () => () => {
            // After the dialog's own clearing up, and only if nothing else took the focus meanwhile.
            window.setTimeout(() => {
                const free = document.activeElement === null || document.activeElement === document.body;
                if (free && opener instanceof HTMLElement && opener.isConnected) opener.focus();
            });
        },
        [opener],
    );
}
