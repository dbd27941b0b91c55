import { useQuery } from "@tanstack/react-query";
import { Skeleton } from "antd";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { listGroups } from "#api/gen/smartpass/v1/org_http";
import { query } from "#api/query";
import { FormDrawer } from "#ui/FormDrawer";
import type { Kind } from "./kinds";

const PersonForm = lazy(() => import("./PersonForm"));

interface PersonDrawerProps {
    kind: Kind;
    /** "new": somebody new; "": closed. */
    id: string;
    /** Where somebody new is put at first; "": wherever the tree begins. */
    groupId: string;
    sectionId: string;
    onClose: () => void;
}

export function PersonDrawer({ kind, id, groupId, sectionId, onClose }: PersonDrawerProps) {
    const { t } = useTranslation("people");
    const known = id !== "" && id !== "new";
    const { data, error, refetch } = useQuery({ ...query(kind.get, { id }), enabled: known, staleTime: 0 });
    const groups = useQuery({ ...query(listGroups, {}), enabled: id !== "" });
    return (
        <FormDrawer
            open={id !== ""}
            title={known ? t("form.editTitle", { name: data?.name ?? "" }) : t(`of.${kind.name}.add`)}
            size={560}
            ready={(!known || data !== undefined) && groups.data !== undefined}
            error={error ?? groups.error}
            onRetry={() => void Promise.all([known && refetch(), groups.refetch()])}
            onClose={onClose}
        >
            {(onChanged) => (
                <Suspense fallback={<Skeleton active title={false} />}>
                    <PersonForm
                        kind={kind}
                        person={data}
                        place={{ groupId: groupId || groups.data?.groups[0]?.id || "0", sectionId: sectionId || "0" }}
                        onChanged={onChanged}
                        onDone={onClose}
                    />
                </Suspense>
            )}
        </FormDrawer>
    );
}
