import { useQuery } from "@tanstack/react-query";
import { Drawer, Skeleton } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { getEmployee } from "#api/gen/smartpass/v1/people_http";
import { query } from "#api/query";
import { ConfirmDialog } from "#ui/ConfirmDialog";
import { Failure } from "#ui/Notice";
import { useReturnFocus } from "#ui/useReturnFocus";
import { EmployeeForm } from "./EmployeeForm";

interface EmployeeDrawerProps {
    /** "new": somebody new; "": closed. */
    id: string;
    onClose: () => void;
}

export function EmployeeDrawer({ id, onClose }: EmployeeDrawerProps) {
    const { t } = useTranslation("people");
    const [changed, setChanged] = useState(false);
    const [asking, setAsking] = useState(false);
    useReturnFocus();
    const known = id !== "" && id !== "new";
    const { data, error, refetch } = useQuery({ ...query(getEmployee, { id }), enabled: known, staleTime: 0 });

    const title = known ? t("form.editTitle", { name: data?.name ?? "" }) : t("form.addTitle");
    return (
        <>
            <Drawer
                open={id !== ""}
                title={title}
                size={520}
                onClose={() => (changed ? setAsking(true) : onClose())}
                destroyOnHidden
                className="drawer"
            >
                {error && !data && <Failure error={error} onRetry={() => void refetch()} />}
                {known && !data && !error && <Skeleton active />}
                {(data || id === "new") && (
                    <EmployeeForm employee={known ? data : undefined} onChanged={setChanged} onDone={onClose} />
                )}
            </Drawer>
            <ConfirmDialog
                open={asking}
                title={t("form.discardTitle")}
                action={t("form.discard")}
                busy={false}
                onConfirm={onClose}
                onCancel={() => setAsking(false)}
            >
                {t("form.discardHint")}
            </ConfirmDialog>
        </>
    );
}
