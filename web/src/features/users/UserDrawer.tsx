import { useQuery } from "@tanstack/react-query";
import { Drawer, Skeleton } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { getUser } from "#api/gen/smartpass/v1/users_http";
import { query } from "#api/query";
import { ConfirmDialog } from "#ui/ConfirmDialog";
import type { OneTimePassword } from "#ui/FirstPassword";
import { Failure } from "#ui/Notice";
import { useReturnFocus } from "#ui/useReturnFocus";
import { UserForm } from "./UserForm";

interface UserDrawerProps {
    /** "new": somebody new; "": closed. */
    id: string;
    onSecret: (secret: OneTimePassword) => void;
    onClose: () => void;
}

export function UserDrawer({ id, onSecret, onClose }: UserDrawerProps) {
    const { t } = useTranslation("users");
    const [changed, setChanged] = useState(false);
    const [asking, setAsking] = useState(false);
    useReturnFocus();
    const known = id !== "" && id !== "new";
    const { data, error, refetch } = useQuery({ ...query(getUser, { id }), enabled: known, staleTime: 0 });

    const name = data?.displayName || data?.username || "";
    return (
        <>
            <Drawer
                open={id !== ""}
                title={known ? t("form.editTitle", { name }) : t("form.addTitle")}
                size={520}
                onClose={() => (changed ? setAsking(true) : onClose())}
                destroyOnHidden
                className="drawer"
            >
                {error && !data && <Failure error={error} onRetry={() => void refetch()} />}
                {known && !data && !error && <Skeleton active />}
                {(data || id === "new") && (
                    <UserForm
                        user={known ? data : undefined}
                        onChanged={setChanged}
                        onSecret={onSecret}
                        onDone={onClose}
                    />
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
