import "./words";
import "./groups.css";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { Skeleton } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { listGroups } from "#api/gen/smartpass/v1/org_http";
import { query } from "#api/query";
import { Failure, Notice } from "#ui/Notice";
import { Page } from "#ui/Page";
import { GroupDialogs, type GroupTask } from "./GroupDialogs";
import { GroupPanel } from "./GroupPanel";
import { TreeEditor } from "./TreeEditor";

const route = getRouteApi("/shell/groups");

export function GroupsPage() {
    const { t } = useTranslation("groups");
    const { group: chosen } = route.useSearch();
    const navigate = route.useNavigate();
    const [task, setTask] = useState<GroupTask>();
    const list = useQuery(query(listGroups, {}));
    const groups = list.data?.groups;
    const select = (group: string) => void navigate({ search: { group }, replace: true });

    if (!groups)
        return (
            <Page title={t("title")} subtitle={t("subtitle")}>
                <section className="panel panel-body">
                    {list.error ? (
                        <Failure error={list.error} onRetry={() => void list.refetch()} />
                    ) : (
                        <Skeleton active title={false} />
                    )}
                </section>
            </Page>
        );

    const current = chosen === "" ? groups[0] : groups.find((group) => group.id === chosen);
    return (
        <Page title={t("title")} subtitle={t("subtitle")}>
            <div className="groups-page">
                <TreeEditor groups={groups} selected={current?.id ?? ""} onSelect={select} onTask={setTask} />
                {current ? (
                    <GroupPanel key={current.id} group={current} groups={groups} onTask={setTask} />
                ) : (
                    <section className="panel">
                        <Notice title={t(groups.length === 0 ? "nothing" : "chosenGone")}>
                            {groups.length > 0 && t("chosenGoneHint")}
                        </Notice>
                    </section>
                )}
            </div>
            {task && <GroupDialogs task={task} groups={groups} onSelect={select} onClose={() => setTask(undefined)} />}
        </Page>
    );
}
