// What is asked before something is done to a user.

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { getGroupContent } from "#api/gen/smartpass/v1/org_http";
import {
    deleteUser,
    getUser,
    listRoles,
    listUsers,
    resetUserPassword,
    type User,
    updateUser,
} from "#api/gen/smartpass/v1/users_http";
import { refresh } from "#api/query";
import { ConfirmDialog } from "#ui/ConfirmDialog";
import type { OneTimePassword } from "#ui/FirstPassword";
import { useRefusalWords } from "#ui/refusals";
import { toast } from "#ui/toasts";
import { useReturnFocus } from "#ui/useReturnFocus";

export interface UserTask {
    readonly kind: "disable" | "enable" | "reset" | "delete";
    readonly user: User;
}

interface UserDialogsProps {
    task: UserTask;
    onSecret: (secret: OneTimePassword) => void;
    onClose: () => void;
}

export function UserDialogs({ task: { kind, user }, onSecret, onClose }: UserDialogsProps) {
    const { t } = useTranslation("users");
    const client = useQueryClient();
    const words = useRefusalWords("users");
    const name = user.displayName || user.username;
    useReturnFocus();

    const run = async () => {
        if (kind === "delete") {
            await deleteUser({ id: user.id });
            toast("ok", t("deleted", { name }));
        } else if (kind === "reset") {
            const { oneTimePassword, expireTime } = await resetUserPassword({ id: user.id });
            onSecret({ username: user.username, password: oneTimePassword, expireTime });
        } else {
            // The row may be older than what somebody else has changed meanwhile.
            const current = await getUser({ id: user.id });
            await updateUser({ user: { ...changeable(current), disabled: kind === "disable" } });
            toast("ok", t(kind === "disable" ? "disabledDone" : "enabledDone", { name }));
        }
    };
    const { mutate, isPending, isIdle } = useMutation({
        mutationFn: run,
        onError: (error) => toast("bad", words(error)),
        onSettled: () => {
            refresh(client, listUsers, getUser, listRoles, getGroupContent);
            onClose();
        },
    });

    const asked = {
        disable: { title: "disableTitle", action: "disable", hint: "disableHint" },
        enable: { title: "enableTitle", action: "enable", hint: "enableHint" },
        reset: { title: "resetTitle", action: "reset", hint: "resetHint" },
        delete: { title: "deleteTitle", action: "delete", hint: "deleteHint" },
    } as const;
    const { title, action, hint } = asked[kind];
    return (
        <ConfirmDialog
            open
            title={t(title, { name })}
            action={t(action)}
            harmless={kind === "enable"}
            busy={isPending || !isIdle}
            onConfirm={() => mutate()}
            onCancel={onClose}
        >
            {t(hint)}
        </ConfirmDialog>
    );
}

/** What UpdateUser takes, without what only the server says. */
export const changeable = ({ id, username, displayName, groupId, groupAdministrator, roleId, disabled }: User) => ({
    id,
    username,
    displayName,
    groupId,
    groupAdministrator,
    roleId,
    disabled,
});
