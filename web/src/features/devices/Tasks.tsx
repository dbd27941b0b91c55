// The dialogs over the list and over a terminal's page.

import { lazy, Suspense } from "react";
import type { Task } from "./useTasks";

const SettingsDrawer = lazy(() => import("./SettingsDrawer"));
const CommandDialog = lazy(() => import("./CommandDialog"));
const MoveDialog = lazy(() => import("./MoveDialog"));
const DeleteDialog = lazy(() => import("./DeleteDialog"));
const RevokeDialog = lazy(() => import("./RevokeDialog"));
const ApprovalDrawer = lazy(() => import("./ApprovalDrawer"));
const PolicyDrawer = lazy(() => import("./PolicyDrawer"));

interface TasksProps {
    task: Task | undefined;
    onClose: () => void;
    /** Terminals have gone from where they were. */
    onGone: () => void;
    /** The id of the terminal whose approval is open. */
    approve: string;
    onApproveClose: () => void;
    policy?: boolean;
    onPolicyClose?: () => void;
}

export function Tasks({ task, onClose, onGone, approve, onApproveClose, policy, onPolicyClose }: TasksProps) {
    return (
        <Suspense fallback={null}>
            {task?.kind === "settings" && <SettingsDrawer {...task} onClose={onClose} />}
            {task?.kind === "order" && <CommandDialog {...task} onClose={onClose} />}
            {task?.kind === "move" && <MoveDialog devices={task.devices} onDone={onGone} onClose={onClose} />}
            {task?.kind === "delete" && <DeleteDialog devices={task.devices} onDone={onGone} onClose={onClose} />}
            {task?.kind === "revoke" && <RevokeDialog device={task.device} onClose={onClose} />}
            {approve !== "" && <ApprovalDrawer key={approve} id={approve} onClose={onApproveClose} />}
            {policy && onPolicyClose && <PolicyDrawer onClose={onPolicyClose} />}
        </Suspense>
    );
}
