import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { getEnterprise } from "#api/gen/smartpass/v1/enterprises_http";
import { query } from "#api/query";
import type { OneTimePassword } from "#ui/FirstPassword";
import { FormDrawer } from "#ui/FormDrawer";
import { EnterpriseForm } from "./EnterpriseForm";

interface EnterpriseDrawerProps {
    /** "new": a new one; "": closed. */
    id: string;
    onSecret: (secret: OneTimePassword) => void;
    onClose: () => void;
}

export function EnterpriseDrawer({ id, onSecret, onClose }: EnterpriseDrawerProps) {
    const { t } = useTranslation("enterprises");
    const known = id !== "" && id !== "new";
    const { data, error, refetch } = useQuery({ ...query(getEnterprise, { id }), enabled: known, staleTime: 0 });
    return (
        <FormDrawer
            open={id !== ""}
            title={known ? t("form.editTitle", { name: data?.name ?? "" }) : t("form.addTitle")}
            size={520}
            ready={!known || data !== undefined}
            error={error}
            onRetry={() => void refetch()}
            onClose={onClose}
        >
            {(onChanged) => (
                <EnterpriseForm enterprise={data} onChanged={onChanged} onSecret={onSecret} onDone={onClose} />
            )}
        </FormDrawer>
    );
}
