import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { createGroup, deleteGroup, type Group, getGroupContent, updateGroup } from "#api/gen/smartpass/v1/org_http";
import { query } from "#api/query";
import { useSession } from "#api/session";
import { pathTo, TOP } from "#lib/groupTree";
import { GuardedButton } from "#ui/GuardedButton";
import { Pill } from "#ui/Pill";
import { heldBy } from "./content";
import type { GroupTask } from "./GroupDialogs";
import { Sections } from "./Sections";
import { useContentWords } from "./useContentWords";

interface GroupPanelProps {
    group: Group;
    groups: readonly Group[];
    onTask: (task: GroupTask) => void;
}

/** The chosen group: what it is called, what it holds, and the groups of each module in it. */
export function GroupPanel({ group, groups, onTask }: GroupPanelProps) {
    const { t } = useTranslation("groups");
    // Everybody else's top may be any group of the tree.
    const seesRoot = useSession().enterpriseAdministrator;
    const above = pathTo(groups, group.id).slice(0, -1);
    const rootStays = group.parentId === TOP ? t("rootStays") : undefined;
    return (
        <div className="group-panels">
            <section className="panel" aria-labelledby="group-name">
                <div className="panel-head">
                    <h2 id="group-name" className="group-title">
                        {above.length > 0 && (
                            <span className="meta">{above.map(({ name }) => name).join(" / ")} /</span>
                        )}
                        {group.name}
                        {group.parentId === TOP && seesRoot && (
                            <Pill tone="info" plain>
                                {t("root")}
                            </Pill>
                        )}
                    </h2>
                </div>
                <div className="panel-body">
                    <Content group={group} />
                    <div className="page-actions">
                        <GuardedButton
                            type="primary"
                            call={createGroup}
                            aria-label={t("addBelow", { name: group.name })}
                            onClick={() => onTask({ kind: "add", group })}
                        >
                            {t("add")}
                        </GuardedButton>
                        <GuardedButton call={updateGroup} onClick={() => onTask({ kind: "rename", group })}>
                            {t("rename")}
                        </GuardedButton>
                        <GuardedButton
                            call={updateGroup}
                            blocked={rootStays}
                            onClick={() => onTask({ kind: "move", group })}
                        >
                            {t("move")}
                        </GuardedButton>
                        <GuardedButton
                            danger
                            call={deleteGroup}
                            blocked={rootStays}
                            onClick={() => onTask({ kind: "delete", group })}
                        >
                            {t("delete")}
                        </GuardedButton>
                    </div>
                </div>
            </section>
            <Sections group={group} />
        </div>
    );
}

function Content({ group }: { group: Group }) {
    const { t } = useTranslation("groups");
    const contentWords = useContentWords();
    const { data } = useQuery({ ...query(getGroupContent, { id: group.id }), staleTime: 0 });
    const held = data ? heldBy(data) : [];
    return (
        <p className="group-content">{data && (held.length === 0 ? t("empty") : t("content") + contentWords(held))}</p>
    );
}
