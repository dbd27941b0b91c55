// All that is known of one person, to read.

import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Alert } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { listPasses } from "#api/gen/smartpass/v1/pass_http";
import { query } from "#api/query";
import { may, useSession } from "#api/session";
import { Facts } from "#ui/Facts";
import { groupName, useGroups, useSections } from "#ui/GroupTree";
import { GuardedButton } from "#ui/GuardedButton";
import { LoadedDrawer } from "#ui/LoadedDrawer";
import { PersonPhoto } from "#ui/Photo";
import { useTimes } from "#ui/useTimes";
import { type Field, type FormPart, formParts, type Person } from "./fields";
import { EMPLOYEES, type Kind } from "./kinds";
import { BlacklistedPill, DeviceCount } from "./useColumns";

interface PersonDetailsProps {
    kind: Kind;
    id: string;
    onEdit: () => void;
    onDelete: (person: Person) => void;
    onClose: () => void;
}

export default function PersonDetails({ kind, id, onEdit, onDelete, onClose }: PersonDetailsProps) {
    const { t } = useTranslation("people");
    const { data, error, refetch } = useQuery({ ...query(kind.get, { id }), staleTime: 0 });
    return (
        <LoadedDrawer
            open
            title={data?.name ?? t(`of.${kind.name}.one`)}
            size={560}
            ready={data !== undefined}
            error={error}
            onRetry={() => void refetch()}
            onClose={onClose}
        >
            {data && <Details kind={kind} person={data} onEdit={onEdit} onDelete={() => onDelete(data)} />}
        </LoadedDrawer>
    );
}

interface DetailsProps {
    kind: Kind;
    person: Person;
    onEdit: () => void;
    onDelete: () => void;
}

function Details({ kind, person, onEdit, onDelete }: DetailsProps) {
    const { t } = useTranslation("people");
    return (
        <>
            {person.blacklisted && <Alert className="form-alert" type="error" title={t("blacklistedHint")} />}
            <div className="person-head">
                <PersonPhoto photoId={person.photoId} name={person.name} full className="person-picture" />
                <div className="person-summary">
                    <span className="name-line">
                        <strong>{person.name}</strong>
                        {person.blacklisted && <BlacklistedPill />}
                    </span>
                    <span className="meta">{person.number}</span>
                    <dl className="facts">
                        <div>
                            <dt>{t("devices")}</dt>
                            <dd>
                                <DeviceCount person={person} />
                            </dd>
                        </div>
                    </dl>
                    <div className="person-actions">
                        <GuardedButton type="primary" call={kind.update} onClick={onEdit}>
                            {t("edit")}
                        </GuardedButton>
                        <GuardedButton danger call={kind.remove} onClick={onDelete}>
                            {t("delete.action")}
                        </GuardedButton>
                        <PassesLink person={person} />
                    </div>
                </div>
            </div>
            {formParts(kind.fields).map((part) => (
                <Part key={part.name} kind={kind} part={part} person={person} />
            ))}
            <Stored person={person} />
        </>
    );
}

function PassesLink({ person }: { person: Person }) {
    const { t } = useTranslation("people");
    if (!may(useSession(), listPasses)) return null;
    return (
        <Link to="/passes" search={{ person: person.id }}>
            {t("showPasses")}
        </Link>
    );
}

const IN_HEAD: ReadonlySet<Field> = new Set(["photoId", "name", "number"]);

function Part({ kind, part, person }: { kind: Kind; part: FormPart; person: Person }) {
    const { t } = useTranslation("people");
    const shown = useValue(kind, person);
    const facts = part.fields
        .filter((field) => !IN_HEAD.has(field))
        .map((field) => [t(`field.${field}`), shown(field)] as const);
    if (!facts.some(([, value]) => value)) return null;
    return (
        <section className="person-part" aria-label={t(`part.${part.name}`)}>
            <h2>{t(`part.${part.name}`)}</h2>
            <Facts facts={facts} />
        </section>
    );
}

function useValue(kind: Kind, person: Person): (field: Field) => ReactNode {
    const { t } = useTranslation("people");
    const groups = useGroups();
    const sections = useSections(kind.module);
    return (field) => {
        if (field === "groupId") return groupName(groups, person.groupId);
        if (field === "sectionId") return groupName(sections, person.sectionId);
        if (field === "gender") return person.gender === "GENDER_UNSPECIFIED" ? "" : t(`gender.${person.gender}`);
        if (field === "hostId") return <Host person={person} />;
        return person[field];
    };
}

function Host({ person: { hostId, hostName } }: { person: Person }) {
    const permitted = may(useSession(), EMPLOYEES.get);
    if (!hostName) return null;
    if (!permitted || !hostId) return hostName;
    return (
        <Link to="/employees" search={{ show: hostId }}>
            {hostName}
        </Link>
    );
}

function Stored({ person: { createTime, updateTime } }: { person: Person }) {
    const { t } = useTranslation("people");
    const times = useTimes();
    return (
        <Facts
            facts={[
                [t("created"), createTime && times.dateMinute(createTime)],
                [t("updated"), updateTime && times.dateMinute(updateTime)],
            ]}
        />
    );
}
