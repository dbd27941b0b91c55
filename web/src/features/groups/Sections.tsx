// The groups that each module has of its own under the chosen group.

import { useQuery } from "@tanstack/react-query";
import { Skeleton } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import {
    createSection,
    deleteSection,
    type Group,
    listSections,
    moduleNames,
    type Section,
    updateSection,
} from "#api/gen/smartpass/v1/org_http";
import { query } from "#api/query";
import { GuardedButton, useBlockReason } from "#ui/GuardedButton";
import { Failure } from "#ui/Notice";
import { Pill } from "#ui/Pill";
import { RowMenu } from "#ui/RowMenu";
import { SectionDialogs, type SectionTask } from "./SectionDialogs";

type ModuleName = (typeof moduleNames)[number];

export function Sections({ group }: { group: Group }) {
    const { t } = useTranslation("groups");
    const [task, setTask] = useState<SectionTask>();
    const list = useQuery(query(listSections, {}));
    const here = list.data?.sections.filter((section) => section.groupId === group.id);
    return (
        <section aria-labelledby="sections-title">
            <h2 id="sections-title">{t("sections.title")}</h2>
            <p className="page-subtitle">{t("sections.hint", { name: group.name })}</p>
            {list.error && !here && <Failure error={list.error} onRetry={() => void list.refetch()} />}
            {!list.error && !here && <Skeleton active title={false} />}
            {here && (
                <div className="sections">
                    {moduleNames.map((module) => (
                        <ModuleSections
                            key={module}
                            module={module}
                            sections={here.filter((section) => section.module === module)}
                            onTask={setTask}
                        />
                    ))}
                </div>
            )}
            {task && <SectionDialogs task={task} group={group} onClose={() => setTask(undefined)} />}
        </section>
    );
}

interface ModuleSectionsProps {
    module: ModuleName;
    sections: readonly Section[];
    onTask: (task: SectionTask) => void;
}

function ModuleSections({ module, sections, onTask }: ModuleSectionsProps) {
    const { t } = useTranslation("groups");
    const title = t(`module.${module}`);
    return (
        <section className="panel" aria-label={title}>
            <div className="panel-head">
                <h3>{title}</h3>
                <GuardedButton
                    size="small"
                    call={createSection}
                    aria-label={t("sections.addTo", { module: title })}
                    onClick={() => onTask({ kind: "add", module })}
                >
                    {t("sections.add")}
                </GuardedButton>
            </div>
            <ul className="section-list">
                <li>
                    <span>{t("sections.default")}</span>
                    <Pill tone="idle" plain>
                        {t("sections.defaultHint")}
                    </Pill>
                </li>
                {sections.map((section) => (
                    <li key={section.id}>
                        <span className="group-name">{section.name}</span>
                        <SectionMenu section={section} onTask={onTask} />
                    </li>
                ))}
            </ul>
        </section>
    );
}

function SectionMenu({ section, onTask }: { section: Section; onTask: (task: SectionTask) => void }) {
    const { t } = useTranslation("groups");
    const blockReason = useBlockReason();
    return (
        <RowMenu
            name={section.name}
            actions={[
                {
                    key: "rename",
                    label: t("rename"),
                    blocked: blockReason({ call: updateSection }),
                    run: () => onTask({ kind: "rename", section }),
                },
                {
                    key: "delete",
                    label: t("delete"),
                    danger: true,
                    blocked: blockReason({ call: deleteSection }),
                    run: () => onTask({ kind: "delete", section }),
                },
            ]}
        />
    );
}
