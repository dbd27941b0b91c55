// What can be done with a group, each in a dialog of its own.

import type { Group } from "#api/gen/smartpass/v1/org_http";
import { DeleteDialog } from "./DeleteDialog";
import { MoveDialog } from "./MoveDialog";
import { AddDialog, RenameDialog } from "./NameDialogs";

export type GroupTask =
    | { readonly kind: "add" | "rename" | "delete"; readonly group: Group }
    /** `to`: where it was dropped; undefined: the dialog asks. */
    | { readonly kind: "move"; readonly group: Group; readonly to?: string };

interface GroupDialogsProps {
    task: GroupTask;
    groups: readonly Group[];
    onSelect: (id: string) => void;
    onClose: () => void;
}

export function GroupDialogs({ task, groups, onSelect, onClose }: GroupDialogsProps) {
    switch (task.kind) {
        case "add":
            return <AddDialog parent={task.group} onSelect={onSelect} onClose={onClose} />;
        case "rename":
            return <RenameDialog group={task.group} onClose={onClose} />;
        case "move":
            return <MoveDialog group={task.group} to={task.to} groups={groups} onClose={onClose} />;
        case "delete":
            return <DeleteDialog group={task.group} groups={groups} onSelect={onSelect} onClose={onClose} />;
    }
}
