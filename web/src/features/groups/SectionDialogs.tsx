import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import {
    createSection,
    deleteSection,
    type Group,
    getGroupContent,
    listSections,
    type Module,
    type Section,
    sectionMaxBytes,
    updateSection,
} from "#api/gen/smartpass/v1/org_http";
import { refresh } from "#api/query";
import { ConfirmDialog } from "#ui/ConfirmDialog";
import { NameDialog } from "#ui/NameDialog";
import { useRefusalWords } from "#ui/refusals";
import { toast } from "#ui/toasts";
import { useReturnFocus } from "#ui/useReturnFocus";

export type SectionTask =
    | { readonly kind: "add"; readonly module: Exclude<Module, "MODULE_UNSPECIFIED"> }
    | { readonly kind: "rename" | "delete"; readonly section: Section };

interface SectionDialogsProps {
    task: SectionTask;
    group: Group;
    onClose: () => void;
}

export function SectionDialogs({ task, group, onClose }: SectionDialogsProps) {
    const { t } = useTranslation("groups");
    const client = useQueryClient();
    const naming = {
        label: t("form.name"),
        maxBytes: sectionMaxBytes.name,
        field: "section.name",
        words: "groups",
        onClose,
    };

    if (task.kind === "delete") return <DeleteSectionDialog section={task.section} group={group} onClose={onClose} />;
    if (task.kind === "add") {
        const { module } = task;
        const save = async (name: string) => {
            const added = await createSection({ section: { groupId: group.id, module, name } });
            toast("ok", t("sections.added", { name: added.name }));
            refresh(client, listSections, getGroupContent);
        };
        const title = t("sections.addTitle", { module: t(`module.${module}`) });
        return <NameDialog {...naming} title={title} action={t("sections.add")} save={save} />;
    }
    const { id, groupId, module, name: before } = task.section;
    const save = async (name: string) => {
        const renamed = await updateSection({ section: { id, groupId, module, name } });
        toast("ok", t("sections.renamed", { name: renamed.name }));
        refresh(client, listSections);
    };
    const title = t("form.renameTitle", { name: before });
    return <NameDialog {...naming} title={title} action={t("form.rename")} initial={before} save={save} />;
}

interface DeleteSectionDialogProps {
    section: Section;
    group: Group;
    onClose: () => void;
}

function DeleteSectionDialog({ section, group, onClose }: DeleteSectionDialogProps) {
    const { t } = useTranslation("groups");
    const client = useQueryClient();
    const words = useRefusalWords("groups");
    const { mutate, isPending } = useMutation({
        mutationFn: () => deleteSection({ id: section.id }),
        onSuccess: () => toast("ok", t("sections.deleted", { name: section.name })),
        onError: (error) => toast("bad", words(error)),
        onSettled: () => {
            refresh(client, listSections, getGroupContent);
            onClose();
        },
    });
    useReturnFocus();
    return (
        <ConfirmDialog
            open
            title={t("sections.deleteTitle", { name: section.name })}
            action={t("delete")}
            busy={isPending}
            onConfirm={() => mutate()}
            onCancel={onClose}
        >
            {t("sections.deleteHint", { group: group.name })}
        </ConfirmDialog>
    );
}
