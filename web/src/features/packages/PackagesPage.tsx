import "./words";
import "./packages.css";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import {
    createRollout,
    deletePackage,
    listPackages,
    type Package,
    uploadPackage,
} from "#api/gen/smartpass/v1/packages_http";
import { pageQuery, refresh } from "#api/query";
import { pageRequest } from "#lib/search";
import { ConfirmDialog } from "#ui/ConfirmDialog";
import type { Column } from "#ui/DataTable";
import { GuardedButton, useBlockReason } from "#ui/GuardedButton";
import { useListView } from "#ui/listView";
import { EmptyList } from "#ui/Notice";
import { Page } from "#ui/Page";
import { PagedTable } from "#ui/PagedTable";
import { Pill } from "#ui/Pill";
import { RowMenu } from "#ui/RowMenu";
import { OtherRefusal } from "#ui/refusals";
import { SearchBox } from "#ui/SearchBox";
import { toast } from "#ui/toasts";
import { useReturnFocus } from "#ui/useReturnFocus";
import { useTimes } from "#ui/useTimes";
import { megabytes } from "./rollouts";
import type { PackagesSearch } from "./search";

const UploadDialog = lazy(() => import("./UploadDialog"));

const route = getRouteApi("/shell/packages");

export function PackagesPage() {
    const { t } = useTranslation("packages");
    const search = route.useSearch();
    const navigate = route.useNavigate();
    const [deleting, setDeleting] = useState<Package>();
    const go = (change: Partial<PackagesSearch>, replace = false) =>
        void navigate({ search: (now) => ({ ...now, ...change }), replace });
    const find = (q: string) => go({ q, page: 1 }, true);
    const view = useListView("packages", useColumns(setDeleting), search, go);
    const list = useQuery(pageQuery(listPackages, { ...pageRequest(view.paging), query: search.q }));
    const upload = (
        <GuardedButton type="primary" call={uploadPackage} onClick={() => go({ upload: "open" })}>
            {t("upload")}
        </GuardedButton>
    );
    return (
        <Page title={t("title")} subtitle={t("subtitle")} actions={upload}>
            <section className="panel">
                <div className="toolbar">
                    <SearchBox label={t("search")} value={search.q} onChange={find} />
                    <span className="toolbar-end">{view.chooser}</span>
                </div>
                <PagedTable
                    label={t("title")}
                    columns={view.columns}
                    rows={list.data?.packages}
                    rowKey={({ id }) => id}
                    rowName={({ version }) => version}
                    list={list}
                    paging={view.paging}
                    onPaging={view.onPaging}
                    empty={
                        <EmptyList
                            filtered={search.q !== ""}
                            nothing={t("nothing")}
                            hint={t("nothingHint")}
                            noMatch={t("noMatch")}
                            action={upload}
                            onClear={() => find("")}
                        />
                    }
                />
            </section>
            <Suspense fallback={null}>
                {search.upload !== "" && <UploadDialog onClose={() => go({ upload: "" })} />}
            </Suspense>
            {deleting && <DeleteDialog software={deleting} onClose={() => setDeleting(undefined)} />}
        </Page>
    );
}

function useColumns(onDelete: (software: Package) => void): readonly Column<Package>[] {
    const { t } = useTranslation("packages");
    const times = useTimes();
    return [
        {
            key: "version",
            title: t("column.version"),
            lead: true,
            render: ({ version }) => <span className="row-name">{version}</span>,
        },
        {
            key: "model",
            title: t("column.model"),
            render: ({ model }) => model || <span className="meta">{t("anyModel")}</span>,
        },
        {
            key: "notes",
            title: t("column.notes"),
            render: ({ notes }) => <span className="package-notes">{notes || "–"}</span>,
        },
        { key: "size", title: t("column.size"), align: "end", render: ({ size }) => `${megabytes(Number(size))} MB` },
        {
            key: "hash",
            title: t("column.hash"),
            render: ({ sha256 }) => (
                <code className="meta package-hash" title={sha256}>
                    {sha256.slice(0, 16)}…
                </code>
            ),
        },
        { key: "key", title: t("column.key"), render: ({ keyName }) => keyName },
        {
            key: "use",
            title: t("column.use"),
            render: ({ inUse }) => <Pill tone={inUse ? "info" : "idle"}>{t(inUse ? "inUse" : "unused")}</Pill>,
        },
        {
            key: "uploaded",
            title: t("column.uploaded"),
            render: ({ createTime }) => createTime && <time dateTime={createTime}>{times.dateMinute(createTime)}</time>,
        },
        { key: "by", title: t("column.by"), optional: true, render: ({ uploadedBy }) => uploadedBy },
        {
            key: "actions",
            title: t("actions"),
            quiet: true,
            align: "end",
            render: (software) => <PackageMenu software={software} onDelete={onDelete} />,
        },
    ];
}

function PackageMenu({ software, onDelete }: { software: Package; onDelete: (software: Package) => void }) {
    const { t } = useTranslation("packages");
    const blockReason = useBlockReason();
    const navigate = useNavigate();
    return (
        <RowMenu
            name={software.version}
            actions={[
                {
                    key: "roll",
                    label: t("roll"),
                    blocked: blockReason({ call: createRollout }),
                    run: () => void navigate({ to: "/rollouts", search: { add: "new", package: software.id } }),
                },
                {
                    key: "delete",
                    label: t("delete"),
                    danger: true,
                    blocked: blockReason({
                        call: deletePackage,
                        blocked: software.inUse ? t("blockedInUse") : undefined,
                    }),
                    run: () => onDelete(software),
                },
            ]}
        />
    );
}

function DeleteDialog({ software: { id, version }, onClose }: { software: Package; onClose: () => void }) {
    const { t } = useTranslation("packages");
    const client = useQueryClient();
    const { mutate, isPending, error } = useMutation({
        mutationFn: () => deletePackage({ id }),
        onSuccess: () => {
            toast("ok", t("deleted", { version }));
            onClose();
        },
        onSettled: () => refresh(client, listPackages),
    });
    useReturnFocus();
    return (
        <ConfirmDialog
            open
            title={t("deleteTitle", { version })}
            action={t("delete")}
            busy={isPending}
            onConfirm={() => mutate()}
            onCancel={onClose}
        >
            <OtherRefusal error={error} fields={{}} words="packages" />
            <p>{t("deleteHint")}</p>
        </ConfirmDialog>
    );
}
