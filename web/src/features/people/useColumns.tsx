import { Link, useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { Group } from "#api/gen/smartpass/v1/org_http";
import { batchCreateGrants, listPasses } from "#api/gen/smartpass/v1/pass_http";
import { type Employee, updateEmployee } from "#api/gen/smartpass/v1/people_http";
import type { Column } from "#ui/DataTable";
import { groupName } from "#ui/GroupTree";
import { useBlockReason } from "#ui/GuardedButton";
import { PersonPhoto } from "#ui/Photo";
import { Pill } from "#ui/Pill";
import { RowMenu } from "#ui/RowMenu";

interface ColumnActions {
    groups: readonly Group[];
    onEdit: (id: string) => void;
    onGrant: (employee: Employee) => void;
}

export function useColumns({ groups, onEdit, onGrant }: ColumnActions): readonly Column<Employee>[] {
    const { t } = useTranslation("people");
    const { t: ui } = useTranslation("ui");
    const columns: Column<Employee>[] = [
        {
            key: "name",
            title: t("column.name"),
            lead: true,
            render: (employee) => (
                <div className="person">
                    <PersonPhoto photoId={employee.photoId} />
                    <div>
                        <button type="button" className="row-title" onClick={() => onEdit(employee.id)}>
                            {employee.name}
                        </button>
                        <span className="meta">{employee.number}</span>
                    </div>
                </div>
            ),
        },
        { key: "group", title: t("column.group"), render: (employee) => groupName(groups, employee.groupId) },
        { key: "phone", title: t("column.phone"), render: (employee) => employee.phone || <Nothing /> },
        { key: "card", title: t("column.card"), render: (employee) => employee.cardNumber || <Nothing /> },
        {
            key: "photo",
            title: t("column.photo"),
            render: (employee) =>
                employee.photoId === "0" ? (
                    <Pill tone="idle">{t("photoMissing")}</Pill>
                ) : (
                    <Pill tone="ok">{t("photoUsable")}</Pill>
                ),
        },
        {
            key: "devices",
            title: t("column.devices"),
            align: "end",
            render: (employee) =>
                employee.deviceCount === 0 ? (
                    <span className="meta">{ui("none")}</span>
                ) : (
                    <Link
                        to="/grants"
                        search={{ person: employee.id }}
                        aria-label={t("deviceCount", { count: employee.deviceCount, name: employee.name })}
                    >
                        {employee.deviceCount}
                    </Link>
                ),
        },
        {
            key: "actions",
            title: t("actions"),
            quiet: true,
            align: "end",
            render: (employee) => <EmployeeMenu employee={employee} onEdit={onEdit} onGrant={onGrant} />,
        },
    ];
    return columns;
}

const Nothing = () => <span className="meta">–</span>;

function EmployeeMenu({ employee, onEdit, onGrant }: Omit<ColumnActions, "groups"> & { employee: Employee }) {
    const { t } = useTranslation("people");
    const blockReason = useBlockReason();
    const navigate = useNavigate();
    return (
        <RowMenu
            name={employee.name}
            actions={[
                {
                    key: "edit",
                    label: t("edit"),
                    blocked: blockReason({ call: updateEmployee }),
                    run: () => onEdit(employee.id),
                },
                {
                    key: "grant",
                    label: t("grant"),
                    blocked: blockReason({ call: batchCreateGrants }),
                    run: () => onGrant(employee),
                },
                {
                    key: "grants",
                    label: t("showGrants"),
                    blocked: blockReason({ call: listPasses }),
                    run: () => void navigate({ to: "/grants", search: { person: employee.id } }),
                },
                {
                    key: "passes",
                    label: t("showPasses"),
                    blocked: blockReason({ call: listPasses }),
                    run: () => void navigate({ to: "/passes", search: { person: employee.id } }),
                },
            ]}
        />
    );
}
