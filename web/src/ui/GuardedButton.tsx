// A button that never hides: when it cannot be used it stays where it is and says why.

import { Button, type ButtonProps, Tooltip } from "antd";
import { useTranslation } from "react-i18next";
import { may, useSession } from "#api/session";
import type { Method } from "#api/transport";
import { BusyIcon } from "./icons";

interface Guarded {
    /** What the button calls; the role must hold its permission. */
    readonly call: { readonly method: Method };
    /** Another reason why it cannot be used now. */
    readonly blocked?: string | undefined;
}

/** Why the caller cannot use the method now; undefined when nothing is in the way. */
export function useBlockReason(): (guard: Guarded) => string | undefined {
    const session = useSession();
    const { t } = useTranslation("ui");
    return ({ call, blocked }) => {
        if (may(session, call)) return blocked;
        if (call.method.permission === "") return t("needsAdministrator");
        const permission = call.method.permission.replace(".", "-");
        return t("needsPermission", { permission: t(`permission.${permission}` as "permission.employees-edit") });
    };
}

interface ReasonButtonProps extends ButtonProps {
    /** Why it cannot be used now; undefined: it can. */
    reason: string | undefined;
}

/** Stays focusable while blocked, so that its reason can be reached with the keyboard. */
export function ReasonButton({ reason, className = "", onClick, loading, ...rest }: ReasonButtonProps) {
    // A sign of our own: antd's is read out as a part of the button's name, and may stay there when it is gone from sight.
    const busy = loading === true ? { icon: <BusyIcon /> } : loading;
    if (!reason)
        return (
            <Button {...rest} {...(busy !== undefined && { loading: busy })} className={className} onClick={onClick} />
        );
    return (
        <Tooltip title={reason}>
            <Button {...rest} htmlType="button" className={`${className} is-blocked`} aria-disabled="true" />
        </Tooltip>
    );
}

export function GuardedButton({ call, blocked, ...rest }: Guarded & ButtonProps) {
    return <ReasonButton {...rest} reason={useBlockReason()({ call, blocked })} />;
}
