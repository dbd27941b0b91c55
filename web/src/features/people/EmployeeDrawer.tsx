import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { getEmployee } from "#api/gen/smartpass/v1/people_http";
import { query } from "#api/query";
import { FormDrawer } from "#ui/FormDrawer";
import { EmployeeForm } from "./EmployeeForm";

interface EmployeeDrawerProps {
    /** "new": somebody new; "": closed. */
    id: string;
    onClose: () => void;
}

export function EmployeeDrawer({ id, onClose }: EmployeeDrawerProps) {
    const { t } = useTranslation("people");
    const known = id !== "" && id !== "new";
    const { data, error, refetch } = useQuery({ ...query(getEmployee, { id }), enabled: known, staleTime: 0 });
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
            {(onChanged) => <EmployeeForm employee={data} onChanged={onChanged} onDone={onClose} />}
        </FormDrawer>
    );
}
