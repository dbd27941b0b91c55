import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { type ActiveSession, listSessions, revokeSession } from "#api/gen/smartpass/v1/account_http";
import { query, refresh } from "#api/query";
import { ConfirmDialog } from "#ui/ConfirmDialog";
import { type Column, DataTable } from "#ui/DataTable";
import { Notice } from "#ui/Notice";
import { Pill } from "#ui/Pill";
import { toast } from "#ui/toasts";
import { useErrorWords } from "#ui/useErrorWords";
import { useReturnFocus } from "#ui/useReturnFocus";
import { useNow, useTimes } from "#ui/useTimes";
import { agentOf } from "./agent";

export default function SessionsPanel() {
    const { t } = useTranslation("account");
    const [revoking, setRevoking] = useState<ActiveSession>();
    const nameOf = useAgentName();
    const list = useQuery({ ...query(listSessions, {}), staleTime: 0 });
    return (
        <section className="panel">
            <p className="panel-body meta">{t("sessions.hint")}</p>
            <DataTable
                label={t("tab.sessions")}
                columns={useColumns(setRevoking)}
                rows={list.data?.sessions}
                rowKey={(session) => session.id}
                rowName={nameOf}
                error={list.error}
                onRetry={() => void list.refetch()}
                empty={<Notice title={t("sessions.none")} />}
            />
            {revoking && <RevokeDialog session={revoking} onClose={() => setRevoking(undefined)} />}
        </section>
    );
}

function useAgentName(): (session: ActiveSession) => string {
    const { t } = useTranslation("account");
    return ({ userAgent }) => {
        const { browser, system } = agentOf(userAgent);
        if (browser && system) return t("sessions.on", { browser, system });
        return browser || system || t("sessions.unknown");
    };
}

const AGO_STEP_MS = 10_000;

function useColumns(onRevoke: (session: ActiveSession) => void): readonly Column<ActiveSession>[] {
    const { t } = useTranslation("account");
    const nameOf = useAgentName();
    const times = useTimes();
    const now = useNow(AGO_STEP_MS);
    return [
        {
            key: "agent",
            title: t("sessions.agent"),
            lead: true,
            render: (session) => (
                <div className="stack">
                    <span className="row-name" title={session.userAgent}>
                        {nameOf(session)}
                    </span>
                    {session.current && <Pill tone="ok">{t("sessions.current")}</Pill>}
                </div>
            ),
        },
        { key: "address", title: t("sessions.address"), render: ({ address }) => address || "–" },
        {
            key: "used",
            title: t("sessions.used"),
            render: ({ lastUsedTime }) =>
                lastUsedTime && (
                    <time dateTime={lastUsedTime} title={times.dateTime(lastUsedTime)}>
                        {times.ago(lastUsedTime, now)}
                    </time>
                ),
        },
        {
            key: "since",
            title: t("sessions.since"),
            render: ({ createTime }) => createTime && <time dateTime={createTime}>{times.dateTime(createTime)}</time>,
        },
        {
            key: "expires",
            title: t("sessions.expires"),
            render: ({ expireTime }) => expireTime && <time dateTime={expireTime}>{times.dateTime(expireTime)}</time>,
        },
        {
            key: "actions",
            title: t("actions"),
            quiet: true,
            align: "end",
            render: (session) =>
                session.current ? (
                    <span className="meta">{t("sessions.signOutInstead")}</span>
                ) : (
                    <Button
                        size="small"
                        aria-label={t("sessions.revokeNamed", { name: nameOf(session), address: session.address })}
                        onClick={() => onRevoke(session)}
                    >
                        {t("sessions.revoke")}
                    </Button>
                ),
        },
    ];
}

function RevokeDialog({ session, onClose }: { session: ActiveSession; onClose: () => void }) {
    const { t } = useTranslation("account");
    const client = useQueryClient();
    const words = useErrorWords();
    const nameOf = useAgentName();
    useReturnFocus();
    const { mutate, isPending } = useMutation({
        mutationFn: () => revokeSession({ id: session.id }),
        onSuccess: () => toast("ok", t("sessions.revoked")),
        onError: (error) => toast("bad", words(error)),
        onSettled: () => {
            refresh(client, listSessions);
            onClose();
        },
    });
    return (
        <ConfirmDialog
            open
            title={t("sessions.revokeTitle", { name: nameOf(session) })}
            action={t("sessions.revoke")}
            busy={isPending}
            onConfirm={() => mutate()}
            onCancel={onClose}
        >
            {t("sessions.revokeHint", { address: session.address })}
        </ConfirmDialog>
    );
}
