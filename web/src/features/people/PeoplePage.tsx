// A list of people of one kind, and whatever can be done with them.

import { type UseQueryResult, useQuery, useQueryClient } from "@tanstack/react-query";
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
import { type ListView, useListView } from "#ui/listView";
import { EmptyList } from "#ui/Notice";
import { Page } from "#ui/Page";
import { PagedTable } from "#ui/PagedTable";
import { Filters } from "./Filters";
import type { Person } from "./fields";
import { type Kind, type PeopleAnswer, rowsOf } from "./kinds";
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

/** What is being done with the list in a dialog. */
type Task =
    | { readonly kind: "delete"; readonly people: readonly Person[] }
    | { readonly kind: "receipt"; readonly receipt: Erasure }
    | { readonly kind: "export" };

export function PeoplePage({ kind, search, go, actions }: PeoplePageProps) {
    const { t } = useTranslation("people");
    const groups = useGroups();
    const sections = useSections(kind.module);
    const [selection, setSelection] = useState(NOBODY);
    const [task, setTask] = useState<Task>();
    const grant = useOpenGrantWizard();
    useFreshPeople(kind);

    /** A new filter starts at the first page. */
    const filter = (change: Partial<PeopleSearch>) => go({ page: 1, ...change }, true);
    const remove = (people: readonly Person[]) => setTask({ kind: "delete", people });
    const columns = useColumns(kind, {
        groups,
        sections,
        onShow: (id) => go({ show: id }),
        onEdit: (id) => go({ edit: id, show: "" }),
        onGrant: (person) => grant([person]),
        onDelete: (person) => remove([person]),
    });
    const view = useListView(kind.name, columns, search, (paging) => go(paging));
    const list = useQuery(pageQuery(kind.list, { ...pageRequest(view.paging), ...filterRequest(search) }));
    const place = groupName(sections, search.section) || groupName(groups, search.group);
    const addButton = <AddButton kind={kind} onAdd={() => go({ edit: "new", show: "" })} />;

    return (
        <Page
            title={t(`of.${kind.name}.title`)}
            subtitle={<Total total={list.data?.totalSize} group={place} />}
            actions={
                <>
                    <RefreshButton kind={kind} busy={list.isFetching} />
                    <GuardedButton call={kind.exportList} onClick={() => setTask({ kind: "export" })}>
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
                            people={[...selection.values()]}
                            onClear={() => setSelection(NOBODY)}
                            onGrant={grant}
                            onDelete={remove}
                        />
                    ) : (
                        <Filters kind={kind} search={search} onFilter={filter} chooser={view.chooser} />
                    )}
                    <PeopleTable
                        kind={kind}
                        list={list}
                        view={view}
                        selection={selection}
                        onSelect={setSelection}
                        filtered={isFiltered(search)}
                        onClear={() => filter(NO_FILTER)}
                        addButton={addButton}
                    />
                </section>
            </div>
            <PersonDrawers kind={kind} search={search} go={go} onDelete={(person) => remove([person])} />
            <Tasks
                kind={kind}
                search={search}
                task={task}
                onTask={setTask}
                onDeleted={() => {
                    setSelection(NOBODY);
                    if (search.show !== "") go({ show: "" });
                }}
            />
        </Page>
    );
}

interface PeopleTableProps {
    kind: Kind;
    list: UseQueryResult<PeopleAnswer>;
    view: ListView<Person>;
    selection: Selection<Person>;
    onSelect: (selection: Selection<Person>) => void;
    filtered: boolean;
    onClear: () => void;
    addButton: ReactNode;
}

function PeopleTable({ kind, list, view, selection, onSelect, filtered, onClear, addButton }: PeopleTableProps) {
    const { t } = useTranslation("people");
    return (
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
            onSelect={onSelect}
            empty={
                <EmptyList
                    filtered={filtered}
                    nothing={t(`of.${kind.name}.nothing`)}
                    noMatch={t(`of.${kind.name}.noMatch`)}
                    action={addButton}
                    onClear={onClear}
                />
            }
        />
    );
}

interface PersonDrawersProps extends Omit<PeoplePageProps, "actions"> {
    onDelete: (person: Person) => void;
}

/** What the address says is open: the details of somebody, or the form. */
function PersonDrawers({ kind, search, go, onDelete }: PersonDrawersProps) {
    return (
        <>
            <Suspense fallback={null}>
                {search.show !== "" && (
                    <PersonDetails
                        key={search.show}
                        kind={kind}
                        id={search.show}
                        onEdit={() => go({ edit: search.show, show: "" })}
                        onDelete={onDelete}
                        onClose={() => go({ show: "" })}
                    />
                )}
            </Suspense>
            <PersonDrawer
                key={search.edit}
                kind={kind}
                id={search.edit}
                groupId={search.group}
                sectionId={search.section}
                onClose={() => go({ edit: "" })}
            />
        </>
    );
}

interface TasksProps {
    kind: Kind;
    search: PeopleSearch;
    task: Task | undefined;
    onTask: (task: Task | undefined) => void;
    onDeleted: () => void;
}

/** The dialogs of what is being done with the list. */
function Tasks({ kind, search, task, onTask, onDeleted }: TasksProps) {
    const close = () => onTask(undefined);
    return (
        <Suspense fallback={null}>
            {task?.kind === "delete" && (
                <DeleteDialog
                    kind={kind}
                    people={task.people}
                    onDone={(receipt) => {
                        onTask(receipt && { kind: "receipt", receipt });
                        onDeleted();
                    }}
                    onClose={close}
                />
            )}
            {task?.kind === "receipt" && <ReceiptDialog erasure={task.receipt} onClose={close} />}
            {task?.kind === "export" && <ExportDialog kind={kind} search={search} onClose={close} />}
        </Suspense>
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
