import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { createGroup, type Group, groupMaxBytes, updateGroup } from "#api/gen/smartpass/v1/org_http";
import { refresh } from "#api/query";
import { NameDialog } from "#ui/NameDialog";
import { toast } from "#ui/toasts";
import { affectedByGroups } from "./affected";

interface AddDialogProps {
    parent: Group;
    onSelect: (id: string) => void;
    onClose: () => void;
}

export function AddDialog({ parent, onSelect, onClose }: AddDialogProps) {
    const { t } = useTranslation("groups");
    const client = useQueryClient();
    const save = async (name: string) => {
        const added = await createGroup({ group: { parentId: parent.id, name } });
        toast("ok", t("form.added", { name: added.name }));
        refresh(client, ...affectedByGroups);
        onSelect(added.id);
    };
    return (
        <NameDialog
            title={t("form.addTitle", { parent: parent.name })}
            label={t("form.name")}
            action={t("form.add")}
            maxBytes={groupMaxBytes.name}
            field="group.name"
            words="groups"
            save={save}
            onClose={onClose}
        />
    );
}

export function RenameDialog({ group, onClose }: { group: Group; onClose: () => void }) {
    const { t } = useTranslation("groups");
    const client = useQueryClient();
    const save = async (name: string) => {
        const { id, parentId } = group;
        const renamed = await updateGroup({ group: { id, parentId, name } });
        toast("ok", t("form.renamed", { name: renamed.name }));
        refresh(client, ...affectedByGroups);
    };
    return (
        <NameDialog
            title={t("form.renameTitle", { name: group.name })}
            label={t("form.name")}
            action={t("form.rename")}
            initial={group.name}
            maxBytes={groupMaxBytes.name}
            field="group.name"
            words="groups"
            save={save}
            onClose={onClose}
        />
    );
}
