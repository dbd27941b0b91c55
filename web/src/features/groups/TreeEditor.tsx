// The tree of groups as one list of rows, after the pattern that assistive technology calls a tree: one row is in the tab
// order, the arrow keys do the rest. Dragging a row asks for the same confirmation as the dialog does.

import { type DragEvent, type KeyboardEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { type Group, updateGroup } from "#api/gen/smartpass/v1/org_http";
import { type GroupRow, groupRows, moveProblem, TOP } from "#lib/groupTree";
import { useBlockReason } from "#ui/GuardedButton";
import { DownIcon } from "#ui/icons";
import type { GroupTask } from "./GroupDialogs";

interface TreeEditorProps {
    groups: readonly Group[];
    selected: string;
    onSelect: (id: string) => void;
    onTask: (task: GroupTask) => void;
}

export function TreeEditor(props: TreeEditorProps) {
    const { groups, selected, onSelect } = props;
    const { t } = useTranslation("groups");
    const [folded, setFolded] = useState<ReadonlySet<string>>(new Set());
    const rows = groupRows(groups, folded);
    const editable = useBlockReason()({ call: updateGroup }) === undefined;
    const dragging = useDragging(props, editable);

    const fold = (id: string, closed: boolean) =>
        setFolded((now) => {
            const next = new Set(now);
            if (closed) next.add(id);
            else next.delete(id);
            return next;
        });
    const onKeyDown = useTreeKeys({ ...props, editable, rows, folded, fold });

    // A chosen group inside a folded one would leave the tree without a way in by keyboard.
    const entrance = rows.some((row) => row.group.id === selected) ? selected : rows[0]?.group.id;
    return (
        <section className="panel group-editor">
            <div className="panel-head">
                <h2 id="group-tree-title">{t("tree")}</h2>
            </div>
            <div role="tree" aria-labelledby="group-tree-title" aria-describedby="group-tree-keys">
                {rows.map((row) => (
                    <TreeRow
                        key={row.group.id}
                        row={row}
                        folded={folded.has(row.group.id)}
                        selected={row.group.id === selected}
                        entrance={row.group.id === entrance}
                        dragging={dragging}
                        onSelect={() => onSelect(row.group.id)}
                        onFold={(closed) => fold(row.group.id, closed)}
                        onKeyDown={(event) => onKeyDown(event, row)}
                    />
                ))}
            </div>
            <p id="group-tree-keys" className="meta group-editor-hint" aria-live="polite">
                {dragging.problem ?? t(editable ? "editKeys" : "keys")}
            </p>
        </section>
    );
}

interface TreeRowProps {
    row: GroupRow<Group>;
    folded: boolean;
    selected: boolean;
    /** The one row that the tab key reaches. */
    entrance: boolean;
    dragging: Dragging;
    onSelect: () => void;
    onFold: (closed: boolean) => void;
    onKeyDown: (event: KeyboardEvent) => void;
}

const INDENT_PX = 18;

function TreeRow(props: TreeRowProps) {
    const { row, folded, selected, entrance, dragging, onSelect, onFold, onKeyDown } = props;
    const { group, depth, hasChildren, position, siblings } = row;
    return (
        <div
            role="treeitem"
            data-group={group.id}
            className={dragging.over === group.id ? "is-target" : undefined}
            style={{ paddingInlineStart: depth * INDENT_PX }}
            aria-level={depth + 1}
            aria-posinset={position}
            aria-setsize={siblings}
            aria-selected={selected}
            aria-expanded={hasChildren ? !folded : undefined}
            tabIndex={entrance ? 0 : -1}
            onClick={onSelect}
            onKeyDown={onKeyDown}
            {...dragging.handlers(group)}
        >
            <span className={`twist ${folded ? "is-folded" : ""}`} aria-hidden="true">
                {hasChildren && (
                    // For the pointer alone: the arrow keys fold, and the row itself says its state.
                    // biome-ignore lint/a11y/useKeyWithClickEvents: the row has the keys
                    // biome-ignore lint/a11y/noStaticElementInteractions: the row is the element that is worked with
                    <span
                        onClick={(event) => {
                            event.stopPropagation();
                            onFold(!folded);
                        }}
                    >
                        <DownIcon size={14} />
                    </span>
                )}
            </span>
            <span className="group-name">{group.name}</span>
        </div>
    );
}

interface TreeKeys extends TreeEditorProps {
    editable: boolean;
    rows: readonly GroupRow<Group>[];
    folded: ReadonlySet<string>;
    fold: (id: string, closed: boolean) => void;
}

function useTreeKeys({ editable, rows, folded, fold, onSelect, onTask }: TreeKeys) {
    return (event: KeyboardEvent, { group, hasChildren }: GroupRow<Group>) => {
        if (event.ctrlKey || event.altKey || event.metaKey) return;
        const at = rows.findIndex((row) => row.group.id === group.id);
        // The focus goes at once: the next key may come before the address has changed.
        const choose = (id: string) => {
            const tree = event.currentTarget.parentElement;
            tree?.querySelector<HTMLElement>(`[data-group="${CSS.escape(id)}"]`)?.focus();
            onSelect(id);
        };
        const go = (index: number) => {
            const to = rows[Math.max(0, Math.min(rows.length - 1, index))];
            if (to) choose(to.group.id);
        };
        const open = hasChildren && !folded.has(group.id);
        const inner = group.parentId !== TOP;
        switch (event.key) {
            case "ArrowDown":
                go(at + 1);
                break;
            case "ArrowUp":
                go(at - 1);
                break;
            case "Home":
                go(0);
                break;
            case "End":
                go(rows.length - 1);
                break;
            case "Enter":
            case " ":
                go(at);
                break;
            case "ArrowRight":
                if (open) go(at + 1);
                else if (hasChildren) fold(group.id, false);
                break;
            case "ArrowLeft":
                if (open) fold(group.id, true);
                else if (inner) choose(group.parentId);
                break;
            case "F2":
                if (editable) onTask({ kind: "rename", group });
                break;
            case "Delete":
                if (editable && inner) onTask({ kind: "delete", group });
                break;
            default:
                return;
        }
        event.preventDefault();
    };
}

interface Dragging {
    /** The group that would take what is dragged. */
    readonly over: string;
    /** Why the one under the pointer would not. */
    readonly problem: string | undefined;
    readonly handlers: (group: Group) => object;
}

function useDragging({ groups, onTask }: TreeEditorProps, editable: boolean): Dragging {
    const { t } = useTranslation("groups");
    const [dragged, setDragged] = useState<Group>();
    const [under, setUnder] = useState("");
    const problem =
        dragged && under !== "" && under !== dragged.id ? moveProblem(groups, dragged.id, under) : undefined;
    const stop = () => {
        setDragged(undefined);
        setUnder("");
    };

    return {
        over: dragged && under !== dragged.id && !problem ? under : "",
        problem: problem && t(`violation.${problem}`),
        handlers: (group) => ({
            draggable: editable && group.parentId !== TOP,
            onDragStart: (event: DragEvent) => {
                event.dataTransfer.effectAllowed = "move";
                event.dataTransfer.setData("text/plain", group.name);
                setDragged(group);
            },
            onDragEnd: stop,
            onDragOver: (event: DragEvent) => {
                if (!dragged) return;
                setUnder(group.id);
                if (!moveProblem(groups, dragged.id, group.id)) event.preventDefault();
            },
            onDrop: (event: DragEvent) => {
                event.preventDefault();
                if (dragged) onTask({ kind: "move", group: dragged, to: group.id });
                stop();
            },
        }),
    };
}
