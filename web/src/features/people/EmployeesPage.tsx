import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { batchCreateGrants } from "#api/gen/smartpass/v1/pass_http";
import { createEmployee, type Employee, listEmployees } from "#api/gen/smartpass/v1/people_http";
import { pageQuery } from "#api/query";
import { TOTAL_CAP } from "#lib/paging";
import { pageRequest } from "#lib/search";
import { BulkBar } from "#ui/BulkBar";
import type { Selection } from "#ui/DataTable";
import { GroupTree, groupName, useGroups } from "#ui/GroupTree";
import { GuardedButton } from "#ui/GuardedButton";
import { useOpenGrantWizard } from "#ui/grantWizard";
import { useListView } from "#ui/listView";
import { EmptyList } from "#ui/Notice";
import { Page } from "#ui/Page";
import { PagedTable } from "#ui/PagedTable";
import { SearchBox } from "#ui/SearchBox";
import { EmployeeDrawer } from "./EmployeeDrawer";
import type { PeopleSearch } from "./search";
import { useColumns } from "./useColumns";

const route = getRouteApi("/shell/employees");

export function EmployeesPage() {
    const { t } = useTranslation("people");
    const search = route.useSearch();
    const navigate = route.useNavigate();
    const groups = useGroups();
    const [selection, setSelection] = useState<Selection<Employee>>(new Map());
    const openWizard = useOpenGrantWizard();

    /** A new filter starts at the first page. */
    const filter = (change: Partial<PeopleSearch>) =>
        void navigate({ search: (now) => ({ ...now, page: 1, ...change }), replace: true });
    const edit = (id: string) => void navigate({ search: (now) => ({ ...now, edit: id }) });
    const grant = (people: Iterable<Employee>) => openWizard([...people]);
    const columns = useColumns({ groups, onEdit: edit, onGrant: (employee) => grant([employee]) });
    const view = useListView(
        "employees",
        columns,
        search,
        (paging) => void navigate({ search: (now) => ({ ...now, ...paging }) }),
    );
    const list = useQuery(
        pageQuery(listEmployees, { ...pageRequest(view.paging), query: search.q, groupId: search.group }),
    );

    const addButton = <AddButton onAdd={() => edit("new")} />;
    return (
        <Page
            title={t("title")}
            subtitle={<Total total={list.data?.totalSize} group={groupName(groups, search.group)} />}
            actions={addButton}
        >
            <div className="with-tree">
                <GroupTree selected={search.group} onSelect={(group) => filter({ group })} />
                <section className="panel">
                    {selection.size > 0 ? (
                        <BulkBar count={selection.size} onClear={() => setSelection(new Map())}>
                            <GuardedButton
                                type="primary"
                                call={batchCreateGrants}
                                onClick={() => grant(selection.values())}
                            >
                                {t("grant")}
                            </GuardedButton>
                        </BulkBar>
                    ) : (
                        <div className="toolbar">
                            <SearchBox label={t("search")} value={search.q} onChange={(q) => filter({ q })} />
                            <span className="toolbar-end">{view.chooser}</span>
                        </div>
                    )}
                    <PagedTable
                        label={t("title")}
                        columns={view.columns}
                        rows={list.data?.employees}
                        rowKey={(employee) => employee.id}
                        rowName={(employee) => employee.name}
                        list={list}
                        paging={view.paging}
                        onPaging={view.onPaging}
                        selection={selection}
                        onSelect={setSelection}
                        empty={
                            <EmptyList
                                filtered={search.q !== "" || search.group !== ""}
                                nothing={t("nothing")}
                                noMatch={t("noMatch")}
                                action={addButton}
                                onClear={() => filter({ q: "", group: "" })}
                            />
                        }
                    />
                </section>
            </div>
            <EmployeeDrawer key={search.edit} id={search.edit} onClose={() => edit("")} />
        </Page>
    );
}

function AddButton({ onAdd }: { onAdd: () => void }) {
    const { t } = useTranslation("people");
    return (
        <GuardedButton type="primary" call={createEmployee} onClick={onAdd}>
            {t("add")}
        </GuardedButton>
    );
}

function Total({ total, group }: { total: number | undefined; group: string }) {
    const { t } = useTranslation("people");
    if (total === undefined) return null;
    const people = total > TOTAL_CAP ? t("totalMore", { total: TOTAL_CAP }) : t("total", { count: total });
    return group ? `${people} ${t("inGroup", { group })}` : people;
}
