import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { getUser } from "#api/gen/smartpass/v1/users_http";
import { query } from "#api/query";
import type { OneTimePassword } from "#ui/FirstPassword";
import { FormDrawer } from "#ui/FormDrawer";
import { UserForm } from "./UserForm";

interface UserDrawerProps {
    /** "new": somebody new; "": closed. */
    id: string;
    onSecret: (secret: OneTimePassword) => void;
    onClose: () => void;
}

export function UserDrawer({ id, onSecret, onClose }: UserDrawerProps) {
    const { t } = useTranslation("users");
    const known = id !== "" && id !== "new";
    const { data, error, refetch } = useQuery({ ...query(getUser, { id }), enabled: known, staleTime: 0 });
    const name = data?.displayName || data?.username || "";
    return (
        <FormDrawer
            open={id !== ""}
            title={known ? t("form.editTitle", { name }) : t("form.addTitle")}
            size={520}
            ready={!known || data !== undefined}
            error={error}
            onRetry={() => void refetch()}
            onClose={onClose}
        >
            {(onChanged) => <UserForm user={data} onChanged={onChanged} onSecret={onSecret} onDone={onClose} />}
        </FormDrawer>
    );
}
