// A list of people of one kind, and whatever can be done with them.

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Button } from "antd";
import { lazy, type ReactNode, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Erasure } from "#api/gen/smartpass/v1/people_http";
import { pageQuery, refresh } from "#api/query";
import { TOTAL_CAP } from "#lib/paging";
import { pageRequest } from "#lib/search";
import type { Selection } from "#ui/DataTable";
import { GroupTree, groupName, useGroups, useSections } from "#ui/GroupTree";
import { GuardedButton } from "#ui/GuardedButton";
import { useOpenGrantWizard } from "#ui/grantWizard";
import { RefreshIcon } from "#ui/icons";
import { useListView } from "#ui/listView";
import { EmptyList } from "#ui/Notice";
import { Page } from "#ui/Page";
import { PagedTable } from "#ui/PagedTable";
import { Filters } from "./Filters";
import type { Person } from "./fields";
import { type Kind, rowsOf } from "./kinds";
import { PersonDrawer } from "./PersonDrawer";
import { Selected } from "./Selected";
import { filterRequest, isFiltered, NO_FILTER, type PeopleSearch } from "./search";
import { useColumns } from "./useColumns";
import { useFreshPeople } from "./useFreshPeople";

const PersonDetails = lazy(() => import("./PersonDetails"));
const DeleteDialog = lazy(() => import("./DeleteDialog"));
const ReceiptDialog = lazy(() => import("./ReceiptDialog"));
const ExportDialog = lazy(() => import("./ExportDialog"));

interface PeoplePageProps {
    kind: Kind;
    search: PeopleSearch;
    go: (change: Partial<PeopleSearch>, replace?: boolean) => void;
    /** What only one kind has. */
    actions?: ReactNode;
}

const NOBODY: Selection<Person> = new Map();

export function PeoplePage({ kind, search, go, actions }: PeoplePageProps) {
    const { t } = useTranslation("people");
    const groups = useGroups();
    const sections = useSections(kind.module);
    const [selection, setSelection] = useState(NOBODY);
    const [deleting, setDeleting] = useState<readonly Person[]>([]);
    const [receipt, setReceipt] = useState<Erasure>();
    const [exporting, setExporting] = useState(false);
    const openWizard = useOpenGrantWizard();
    useFreshPeople(kind);

    /** A new filter starts at the first page. */
    const filter = (change: Partial<PeopleSearch>) => go({ page: 1, ...change }, true);
    const edit = (id: string) => go({ edit: id, show: "" });
    const show = (id: string) => go({ show: id });
    const grant = (people: Iterable<Person>) => openWizard([...people]);
    const columns = useColumns(kind, {
        groups,
        sections,
        onShow: show,
        onEdit: edit,
        onGrant: (person) => grant([person]),
        onDelete: (person) => setDeleting([person]),
    });
    const view = useListView(kind.name, columns, search, (paging) => go(paging));
    const list = useQuery(pageQuery(kind.list, { ...pageRequest(view.paging), ...filterRequest(search) }));
    const place = groupName(sections, search.section) || groupName(groups, search.group);
    const closeDelete = () => setDeleting([]);

    const addButton = <AddButton kind={kind} onAdd={() => edit("new")} />;
    return (
        <Page
            title={t(`of.${kind.name}.title`)}
            subtitle={<Total total={list.data?.totalSize} group={place} />}
            actions={
                <>
                    <RefreshButton kind={kind} busy={list.isFetching} />
                    <GuardedButton call={kind.exportList} onClick={() => setExporting(true)}>
                        {t("export.open")}
                    </GuardedButton>
                    {actions}
                    {addButton}
                </>
            }
        >
            <div className="with-tree">
                <GroupTree
                    selected={search.group}
                    section={search.section}
                    module={kind.module}
                    onSelect={(group, section) => filter({ group, section })}
                />
                <section className="panel">
                    {selection.size > 0 ? (
                        <Selected
                            kind={kind}
                            selection={selection}
                            onClear={() => setSelection(NOBODY)}
                            onGrant={grant}
                            onDelete={setDeleting}
                        />
                    ) : (
                        <Filters kind={kind} search={search} onFilter={filter} chooser={view.chooser} />
                    )}
                    <PagedTable
                        label={t(`of.${kind.name}.title`)}
                        columns={view.columns}
                        rows={rowsOf(list.data)}
                        rowKey={(person) => person.id}
                        rowName={(person) => person.name}
                        list={list}
                        paging={view.paging}
                        onPaging={view.onPaging}
                        selection={selection}
                        onSelect={setSelection}
                        empty={
                            <EmptyList
                                filtered={isFiltered(search)}
                                nothing={t(`of.${kind.name}.nothing`)}
                                noMatch={t(`of.${kind.name}.noMatch`)}
                                action={addButton}
                                onClear={() => filter(NO_FILTER)}
                            />
                        }
                    />
                </section>
            </div>
            <PersonDrawer
                key={search.edit}
                kind={kind}
                id={search.edit}
                groupId={search.group}
                sectionId={search.section}
                onClose={() => edit("")}
            />
            <Suspense fallback={null}>
                {search.show !== "" && (
                    <PersonDetails
                        key={search.show}
                        kind={kind}
                        id={search.show}
                        onEdit={() => edit(search.show)}
                        onDelete={(person) => setDeleting([person])}
                        onClose={() => show("")}
                    />
                )}
                {deleting.length > 0 && (
                    <DeleteDialog
                        kind={kind}
                        people={deleting}
                        onErased={setReceipt}
                        onDone={() => {
                            closeDelete();
                            setSelection(NOBODY);
                            if (search.show !== "") show("");
                        }}
                        onClose={closeDelete}
                    />
                )}
                {receipt && <ReceiptDialog erasure={receipt} onClose={() => setReceipt(undefined)} />}
                {exporting && <ExportDialog kind={kind} search={search} onClose={() => setExporting(false)} />}
            </Suspense>
        </Page>
    );
}

function AddButton({ kind, onAdd }: { kind: Kind; onAdd: () => void }) {
    const { t } = useTranslation("people");
    return (
        <GuardedButton type="primary" call={kind.create} onClick={onAdd}>
            {t(`of.${kind.name}.add`)}
        </GuardedButton>
    );
}

function RefreshButton({ kind, busy }: { kind: Kind; busy: boolean }) {
    const { t } = useTranslation("ui");
    const client = useQueryClient();
    return (
        <Button
            icon={<RefreshIcon />}
            aria-label={t("refresh")}
            title={t("refresh")}
            loading={busy}
            onClick={() => refresh(client, kind.list, kind.get)}
        />
    );
}

function Total({ total, group }: { total: number | undefined; group: string }) {
    const { t } = useTranslation("people");
    if (total === undefined) return null;
    const people = total > TOTAL_CAP ? t("totalMore", { total: TOTAL_CAP }) : t("total", { count: total });
    return group ? `${people} ${t("inGroup", { group })}` : people;
}
