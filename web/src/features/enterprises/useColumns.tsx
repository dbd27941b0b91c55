import { useTranslation } from "react-i18next";
import { deleteEnterprise, type Enterprise, updateEnterprise } from "#api/gen/smartpass/v1/enterprises_http";
import type { Column } from "#ui/DataTable";
import { useBlockReason } from "#ui/GuardedButton";
import { Pill } from "#ui/Pill";
import { RowMenu } from "#ui/RowMenu";
import { useTimes } from "#ui/useTimes";

interface ColumnActions {
    onEdit: (id: string) => void;
    onDelete: (enterprise: Enterprise) => void;
}

export function useColumns(actions: ColumnActions): readonly Column<Enterprise>[] {
    const { t } = useTranslation("enterprises");
    const times = useTimes();
    return [
        {
            key: "name",
            title: t("column.name"),
            lead: true,
            render: (enterprise) => <NameCell enterprise={enterprise} onEdit={actions.onEdit} />,
        },
        {
            key: "administrator",
            title: t("column.administrator"),
            render: (enterprise) => enterprise.administrator || <span className="meta">–</span>,
        },
        { key: "users", title: t("column.users"), align: "end", render: (enterprise) => enterprise.userCount },
        { key: "devices", title: t("column.devices"), align: "end", render: (enterprise) => enterprise.deviceCount },
        { key: "people", title: t("column.people"), align: "end", render: (enterprise) => enterprise.personCount },
        { key: "zone", title: t("column.zone"), render: (enterprise) => enterprise.timeZone },
        {
            key: "created",
            title: t("column.created"),
            render: ({ createTime }) => createTime && <time dateTime={createTime}>{times.dateMinute(createTime)}</time>,
        },
        {
            key: "actions",
            title: t("actions"),
            quiet: true,
            align: "end",
            render: (enterprise) => <EnterpriseMenu enterprise={enterprise} {...actions} />,
        },
    ];
}

interface NameCellProps {
    enterprise: Enterprise;
    onEdit: (id: string) => void;
}

function NameCell({ enterprise, onEdit }: NameCellProps) {
    const { t } = useTranslation("enterprises");
    return (
        <span className="name-line">
            <button type="button" className="row-title" onClick={() => onEdit(enterprise.id)}>
                {enterprise.name}
            </button>
            {enterprise.home && (
                <Pill tone="info" plain>
                    {t("home")}
                </Pill>
            )}
            {enterprise.deleting && <Pill tone="warn">{t("beingDeleted")}</Pill>}
        </span>
    );
}

function EnterpriseMenu({ enterprise, onEdit, onDelete }: ColumnActions & { enterprise: Enterprise }) {
    const { t } = useTranslation("enterprises");
    const blockReason = useBlockReason();
    const going = enterprise.deleting ? t("deletingAlready") : undefined;
    return (
        <RowMenu
            name={enterprise.name}
            actions={[
                {
                    key: "edit",
                    label: t("edit"),
                    blocked: blockReason({ call: updateEnterprise, blocked: going }),
                    run: () => onEdit(enterprise.id),
                },
                {
                    key: "delete",
                    label: t("delete"),
                    danger: true,
                    // Also when that is going on: should it have failed, it is started again where it stopped.
                    blocked: blockReason({
                        call: deleteEnterprise,
                        blocked: enterprise.home ? t("homeStays") : undefined,
                    }),
                    run: () => onDelete(enterprise),
                },
            ]}
        />
    );
}
