import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { type Group, updateGroup } from "#api/gen/smartpass/v1/org_http";
import { refresh } from "#api/query";
import { moveProblem } from "#lib/groupTree";
import { FieldDialog } from "#ui/FieldDialog";
import { GroupSelect } from "#ui/GroupSelect";
import { toast } from "#ui/toasts";
import { affectedByGroups } from "./affected";

interface MoveDialogProps {
    group: Group;
    /** Where it was dropped; undefined: not chosen yet. */
    to: string | undefined;
    groups: readonly Group[];
    onClose: () => void;
}

export function MoveDialog({ group, to, groups, onClose }: MoveDialogProps) {
    const { t } = useTranslation("groups");
    const client = useQueryClient();
    const { id, name } = group;
    const nameOf = (one: string) => groups.find((other) => other.id === one)?.name ?? "";
    const save = async (parentId: string) => {
        const moved = await updateGroup({ group: { id, name, parentId } });
        toast("ok", t("form.moved", { name: moved.name, parent: nameOf(parentId) }));
        refresh(client, ...affectedByGroups);
    };
    return (
        <FieldDialog
            title={t("form.moveTitle", { name })}
            label={t("form.target")}
            action={t("form.move")}
            width={500}
            initial={to}
            rules={[{ required: true, message: t("violation.FIELD_REQUIRED") }]}
            // The name is refused when the new parent has one of that name.
            refusedAt={["group.parent_id", "group.name"]}
            words="groups"
            save={save}
            onClose={onClose}
            hint={t("form.moveHint", { name })}
        >
            <GroupSelect
                groups={groups}
                autoFocus
                blocked={(target) => {
                    const problem = moveProblem(groups, id, target);
                    return problem && t(`violation.${problem}`);
                }}
            />
        </FieldDialog>
    );
}
