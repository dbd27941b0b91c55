// The frame of a page: its heading, what it says below it, and its actions.

import { type ReactNode, useEffect, useRef } from "react";

interface PageProps {
    title: string;
    subtitle?: ReactNode;
    actions?: ReactNode;
    children: ReactNode;
}

const PRODUCT = "Smart Pass";
let firstPage = true;

export function Page({ title, subtitle, actions, children }: PageProps) {
    const heading = useRef<HTMLHeadingElement>(null);

    useEffect(() => {
        document.title = `${title} · ${PRODUCT}`;
    }, [title]);

    // A new page is announced by moving the focus to its heading; the first one is announced by the browser.
    useEffect(() => {
        if (!firstPage && document.activeElement?.closest("[role=dialog]") === null) heading.current?.focus();
        firstPage = false;
    }, []);

    return (
        <div className="page">
            <header className="page-head">
                <div>
                    <h1 ref={heading} tabIndex={-1}>
                        {title}
                    </h1>
                    {subtitle && <p className="page-subtitle">{subtitle}</p>}
                </div>
                {actions && <div className="page-actions">{actions}</div>}
            </header>
            {children}
        </div>
    );
}
