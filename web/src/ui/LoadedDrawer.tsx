// A drawer over what has to be loaded first.

import { Drawer, Skeleton } from "antd";
import type { ReactNode } from "react";
import { Failure } from "./Notice";
import { useReturnFocus } from "./useReturnFocus";

export interface LoadedDrawerProps {
    open: boolean;
    title: string;
    /** Pixels. */
    size: number;
    /** All that the content needs is there. */
    ready: boolean;
    /** Why it is not; shown only until it is. */
    error: unknown;
    onRetry: () => void;
    onClose: () => void;
    children: ReactNode;
}

export function LoadedDrawer({ open, title, size, ready, error, onRetry, onClose, children }: LoadedDrawerProps) {
    useReturnFocus();
    return (
        <Drawer open={open} title={title} size={size} onClose={onClose} destroyOnHidden className="drawer">
            {ready && children}
            {!ready && (error ? <Failure error={error} onRetry={onRetry} /> : <Skeleton active title={false} />)}
        </Drawer>
    );
}
