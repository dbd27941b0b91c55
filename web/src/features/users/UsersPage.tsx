import "./words";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { Segmented } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { createUser, listUsers } from "#api/gen/smartpass/v1/users_http";
import { pageQuery } from "#api/query";
import { TOTAL_CAP } from "#lib/paging";
import { pageRequest } from "#lib/search";
import { type OneTimePassword, OneTimePasswordDialog } from "#ui/FirstPassword";
import { GroupTree, groupName, useGroups } from "#ui/GroupTree";
import { GuardedButton } from "#ui/GuardedButton";
import { useListView } from "#ui/listView";
import { EmptyList } from "#ui/Notice";
import { Page } from "#ui/Page";
import { PagedTable } from "#ui/PagedTable";
import { SearchBox } from "#ui/SearchBox";
import { RoleSelect } from "./RoleSelect";
import type { UsersSearch } from "./search";
import { UserDialogs, type UserTask } from "./UserDialogs";
import { UserDrawer } from "./UserDrawer";
import { useColumns } from "./useColumns";

const route = getRouteApi("/shell/users");

export function UsersPage() {
    const { t } = useTranslation("users");
    const search = route.useSearch();
    const navigate = route.useNavigate();
    const groups = useGroups();
    const [task, setTask] = useState<UserTask>();
    const [secret, setSecret] = useState<OneTimePassword>();

    /** A new filter starts at the first page. */
    const filter = (change: Partial<UsersSearch>) =>
        void navigate({ search: (now) => ({ ...now, page: 1, ...change }), replace: true });
    const edit = (id: string) => void navigate({ search: (now) => ({ ...now, edit: id }) });
    const columns = useColumns({ onEdit: edit, onTask: setTask });
    const view = useListView(
        "users",
        columns,
        search,
        (paging) => void navigate({ search: (now) => ({ ...now, ...paging }) }),
    );
    const list = useQuery(pageQuery(listUsers, { ...pageRequest(view.paging), ...filtersOf(search) }));

    const addButton = (
        <GuardedButton type="primary" call={createUser} onClick={() => edit("new")}>
            {t("add")}
        </GuardedButton>
    );
    return (
        <Page
            title={t("title")}
            subtitle={<Total total={list.data?.totalSize} group={groupName(groups, search.group)} />}
            actions={addButton}
        >
            <div className="with-tree">
                <GroupTree selected={search.group} onSelect={(group) => filter({ group })} />
                <section className="panel">
                    <div className="toolbar">
                        <SearchBox label={t("search")} value={search.q} onChange={(q) => filter({ q })} />
                        <RoleSelect
                            className="filter-select"
                            aria-label={t("role")}
                            placeholder={t("role")}
                            allowClear
                            value={search.role}
                            onChange={(role) => filter({ role })}
                        />
                        <StateFilter value={search.disabled} onChange={(disabled) => filter({ disabled })} />
                        <span className="toolbar-end">{view.chooser}</span>
                    </div>
                    <PagedTable
                        label={t("title")}
                        columns={view.columns}
                        rows={list.data?.users}
                        rowKey={(user) => user.id}
                        rowName={(user) => user.username}
                        list={list}
                        paging={view.paging}
                        onPaging={view.onPaging}
                        empty={
                            <EmptyList
                                filtered={isFiltered(search)}
                                nothing={t("nothing")}
                                noMatch={t("noMatch")}
                                action={addButton}
                                onClear={() => filter({ q: "", group: "", role: "", disabled: "" })}
                            />
                        }
                    />
                </section>
            </div>
            <UserDrawer key={search.edit} id={search.edit} onSecret={setSecret} onClose={() => edit("")} />
            {task && <UserDialogs task={task} onSecret={setSecret} onClose={() => setTask(undefined)} />}
            {secret && <OneTimePasswordDialog shown={secret} onClose={() => setSecret(undefined)} />}
        </Page>
    );
}

const filtersOf = (search: UsersSearch) => ({
    query: search.q,
    groupId: search.group,
    roleId: search.role,
    disabled: search.disabled === "yes",
});

const isFiltered = ({ q, group, role, disabled }: UsersSearch) => [q, group, role, disabled].some((one) => one !== "");

interface StateFilterProps {
    value: UsersSearch["disabled"];
    onChange: (value: UsersSearch["disabled"]) => void;
}

function StateFilter({ value, onChange }: StateFilterProps) {
    const { t } = useTranslation("users");
    return (
        <Segmented
            aria-label={t("stateFilter")}
            value={value}
            onChange={onChange}
            options={[
                { value: "", label: t("everybody") },
                { value: "yes", label: t("disabledOnly") },
            ]}
        />
    );
}

function Total({ total, group }: { total: number | undefined; group: string }) {
    const { t } = useTranslation("users");
    if (total === undefined) return null;
    const users = total > TOTAL_CAP ? t("totalMore", { total: TOTAL_CAP }) : t("total", { count: total });
    return group ? `${users} ${t("inGroup", { group })}` : users;
}
