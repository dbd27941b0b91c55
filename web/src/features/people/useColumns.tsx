import { Link, useNavigate } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Group, Section } from "#api/gen/smartpass/v1/org_http";
import { batchCreateGrants, listGrants, listPasses } from "#api/gen/smartpass/v1/pass_http";
import type { Column } from "#ui/DataTable";
import { groupName } from "#ui/GroupTree";
import { useBlockReason } from "#ui/GuardedButton";
import type { MenuAction } from "#ui/Menu";
import { PersonPhoto } from "#ui/Photo";
import { Pill } from "#ui/Pill";
import { RowMenu } from "#ui/RowMenu";
import { useTimes } from "#ui/useTimes";
import type { Field, Person } from "./fields";
import type { Kind } from "./kinds";

interface ColumnActions {
    groups: readonly Group[];
    sections: readonly Section[];
    onShow: (id: string) => void;
    onEdit: (id: string) => void;
    onGrant: (person: Person) => void;
    onDelete: (person: Person) => void;
}

/** Shown without being asked for; whatever else is known is there to be chosen. */
const USUAL: ReadonlySet<Field> = new Set(["groupId", "phone", "cardNumber", "company", "hostId"]);

const AS_COLUMNS = [
    "groupId",
    "sectionId",
    "company",
    "hostId",
    "purpose",
    "phone",
    "cardNumber",
    "identityNumber",
    "gender",
    "birthDate",
    "nationality",
    "ethnicity",
    "birthplace",
    "address",
    "employedFrom",
    "employedUntil",
    "notes",
    "consentDate",
] as const satisfies readonly Field[];

export function useColumns(kind: Kind, actions: ColumnActions): readonly Column<Person>[] {
    const { t } = useTranslation("people");
    const times = useTimes();
    const { groups, sections, onShow } = actions;
    const shown = (person: Person, field: (typeof AS_COLUMNS)[number]): ReactNode => {
        if (field === "groupId") return groupName(groups, person.groupId);
        if (field === "sectionId") return groupName(sections, person.sectionId);
        if (field === "hostId") return person.hostName;
        if (field === "gender") return person.gender === "GENDER_UNSPECIFIED" ? "" : t(`gender.${person.gender}`);
        return person[field];
    };
    return [
        {
            key: "name",
            title: t("field.name"),
            lead: true,
            render: (person) => <NameCell person={person} onShow={onShow} />,
        },
        ...AS_COLUMNS.filter((field) => kind.fields.has(field)).map((field) => ({
            key: COLUMN_KEYS[field] ?? field,
            title: t(`field.${field}`),
            optional: !USUAL.has(field),
            render: (person: Person) => shown(person, field) || <Nothing />,
        })),
        {
            key: "photo",
            title: t("field.photoId"),
            render: (person) =>
                person.photoId === "0" ? (
                    <Pill tone="idle">{t("photoMissing")}</Pill>
                ) : (
                    <Pill tone="ok">{t("photoUsable")}</Pill>
                ),
        },
        {
            key: "devices",
            title: t("devices"),
            align: "end",
            render: (person) => <DeviceCount person={person} />,
        },
        {
            key: "created",
            title: t("created"),
            optional: true,
            render: ({ createTime }) => createTime && <time dateTime={createTime}>{times.dateMinute(createTime)}</time>,
        },
        {
            key: "actions",
            title: t("actions"),
            quiet: true,
            align: "end",
            render: (person) => <PersonMenu kind={kind} person={person} {...actions} />,
        },
    ];
}

/** What accounts keep as the names of columns that had one before others joined them. */
const COLUMN_KEYS: Partial<Record<Field, string>> = { groupId: "group", cardNumber: "card" };

const Nothing = () => <span className="meta">–</span>;

function NameCell({ person, onShow }: { person: Person; onShow: (id: string) => void }) {
    return (
        <div className="person">
            <PersonPhoto photoId={person.photoId} />
            <div>
                <span className="name-line">
                    <button type="button" className="row-title" onClick={() => onShow(person.id)}>
                        {person.name}
                    </button>
                    {person.blacklisted && <BlacklistedPill />}
                </span>
                <span className="meta">{person.number}</span>
            </div>
        </div>
    );
}

export function BlacklistedPill() {
    const { t } = useTranslation("people");
    return <Pill tone="alarm">{t("blacklisted")}</Pill>;
}

export function DeviceCount({ person }: { person: Person }) {
    const { t } = useTranslation("people");
    const { t: ui } = useTranslation("ui");
    if (person.deviceCount === 0) return <span className="meta">{ui("none")}</span>;
    return (
        <Link
            to="/grants"
            search={{ person: person.id }}
            aria-label={t("deviceCount", { count: person.deviceCount, name: person.name })}
        >
            {person.deviceCount}
        </Link>
    );
}

type PersonMenuProps = Omit<ColumnActions, "groups" | "sections"> & { kind: Kind; person: Person };

function PersonMenu({ kind, person, onShow, onEdit, onGrant, onDelete }: PersonMenuProps) {
    const { t } = useTranslation("people");
    const blockReason = useBlockReason();
    const navigate = useNavigate();
    const ofPasses: readonly MenuAction[] = [
        {
            key: "grant",
            label: t("grant"),
            blocked: blockReason({ call: batchCreateGrants }),
            run: () => onGrant(person),
        },
        {
            key: "grants",
            label: t("showGrants"),
            blocked: blockReason({ call: listGrants }),
            run: () => void navigate({ to: "/grants", search: { person: person.id } }),
        },
    ];
    return (
        <RowMenu
            name={person.name}
            actions={[
                { key: "details", label: t("details.open"), run: () => onShow(person.id) },
                {
                    key: "edit",
                    label: t("edit"),
                    blocked: blockReason({ call: kind.update }),
                    run: () => onEdit(person.id),
                },
                ...(kind.passes ? ofPasses : []),
                {
                    key: "passes",
                    label: t("showPasses"),
                    blocked: blockReason({ call: listPasses }),
                    run: () => void navigate({ to: "/passes", search: { person: person.id } }),
                },
                {
                    key: "delete",
                    label: t("delete.action"),
                    danger: true,
                    blocked: blockReason({ call: kind.remove }),
                    run: () => onDelete(person),
                },
            ]}
        />
    );
}
