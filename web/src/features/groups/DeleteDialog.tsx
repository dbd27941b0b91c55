import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Skeleton } from "antd";
import { useTranslation } from "react-i18next";
import { deleteGroup, type Group, type GroupContent, getGroupContent } from "#api/gen/smartpass/v1/org_http";
import { query, refresh } from "#api/query";
import { ConfirmDialog } from "#ui/ConfirmDialog";
import { Failure } from "#ui/Notice";
import { useRefusalWords } from "#ui/refusals";
import { toast } from "#ui/toasts";
import { useReturnFocus } from "#ui/useReturnFocus";
import { affectedByGroups } from "./affected";
import { movingFrom, totalOf } from "./content";
import { useContentWords } from "./useContentWords";

interface DeleteDialogProps {
    group: Group;
    groups: readonly Group[];
    onSelect: (id: string) => void;
    onClose: () => void;
}

/** Says what moves where before it asks. */
export function DeleteDialog({ group, groups, onSelect, onClose }: DeleteDialogProps) {
    const { t } = useTranslation("groups");
    const client = useQueryClient();
    const words = useRefusalWords("groups");
    const contentWords = useContentWords();
    const parent = groups.find((one) => one.id === group.parentId)?.name ?? "";
    const content = useQuery({ ...query(getGroupContent, { id: group.id }), staleTime: 0 });
    // What was read before may no longer be what moves.
    const fresh = content.isFetchedAfterMount ? content.data : undefined;
    const { mutate, isPending } = useMutation({
        mutationFn: () => deleteGroup({ id: group.id }),
        onSuccess: (moved) => {
            const list = movingFrom(moved);
            const what = { name: group.name, parent, what: contentWords(list), count: totalOf(list) };
            toast("ok", list.length === 0 ? t("deleting.deleted", what) : t("deleting.moved", what));
            onSelect(group.parentId);
            refresh(client, ...affectedByGroups);
            onClose();
        },
        onError: (error) => {
            toast("bad", words(error));
            refresh(client, ...affectedByGroups);
            onClose();
        },
    });
    useReturnFocus();

    return (
        <ConfirmDialog
            open
            title={t("deleting.title", { name: group.name })}
            action={t("deleting.action")}
            busy={isPending}
            blocked={!fresh || fresh.administrators > 0}
            onConfirm={() => mutate()}
            onCancel={onClose}
        >
            {content.error && !content.data && <Failure error={content.error} onRetry={() => void content.refetch()} />}
            {!fresh && !content.error && <Skeleton active title={false} paragraph={{ rows: 2 }} />}
            {fresh && fresh.administrators > 0 && (
                <p>{t("deleting.administrators", { count: fresh.administrators, parent })}</p>
            )}
            {fresh && fresh.administrators === 0 && <WhatMoves content={fresh} parent={parent} />}
        </ConfirmDialog>
    );
}

function WhatMoves({ content, parent }: { content: GroupContent; parent: string }) {
    const { t } = useTranslation("groups");
    const contentWords = useContentWords();
    const moving = movingFrom(content);
    const placed = content.devices + content.employees + content.visitors + content.blacklist;
    return (
        <ul className="plain-list">
            {moving.length === 0 ? (
                <li>{t("deleting.nothing")}</li>
            ) : (
                <li>
                    <strong>
                        {t("deleting.moves", { what: contentWords(moving), parent, count: totalOf(moving) })}
                    </strong>
                </li>
            )}
            {placed > 0 && <li>{t("deleting.defaults")}</li>}
            {content.users > 0 && <li>{t("deleting.scope", { parent })}</li>}
            {content.sections > 0 && <li>{t("deleting.sections", { count: content.sections })}</li>}
        </ul>
    );
}
