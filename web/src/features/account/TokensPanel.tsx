import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { deleteToken, listTokens, type Token } from "#api/gen/smartpass/v1/account_http";
import { query, refresh } from "#api/query";
import { ConfirmDialog } from "#ui/ConfirmDialog";
import { type Column, DataTable } from "#ui/DataTable";
import { Notice } from "#ui/Notice";
import { Pill, type Tone } from "#ui/Pill";
import { toast } from "#ui/toasts";
import { useErrorWords } from "#ui/useErrorWords";
import { useReturnFocus } from "#ui/useReturnFocus";
import { useNow, useTimes } from "#ui/useTimes";
import { type TokenState, tokenState } from "./expiry";
import { TokenDialog } from "./TokenDialog";
import { usePermissionWords } from "./usePermissionWords";

export default function TokensPanel() {
    const { t } = useTranslation("account");
    const [creating, setCreating] = useState(false);
    const [deleting, setDeleting] = useState<Token>();
    const list = useQuery({ ...query(listTokens, {}), staleTime: 0 });
    const create = (
        <Button type="primary" onClick={() => setCreating(true)}>
            {t("tokens.create")}
        </Button>
    );
    return (
        <section className="panel">
            <div className="toolbar">
                <p className="meta tokens-hint">{t("tokens.hint")}</p>
                {create}
            </div>
            <DataTable
                label={t("tab.tokens")}
                columns={useColumns(setDeleting)}
                rows={list.data?.tokens}
                rowKey={(token) => token.id}
                rowName={(token) => token.name}
                error={list.error}
                onRetry={() => void list.refetch()}
                empty={<Notice title={t("tokens.none")}>{t("tokens.noneHint")}</Notice>}
            />
            {creating && <TokenDialog onClose={() => setCreating(false)} />}
            {deleting && <DeleteDialog token={deleting} onClose={() => setDeleting(undefined)} />}
        </section>
    );
}

const TONES: Record<TokenState, Tone> = { valid: "ok", soon: "warn", expired: "bad" };
const AGO_STEP_MS = 10_000;

function useColumns(onDelete: (token: Token) => void): readonly Column<Token>[] {
    const { t } = useTranslation("account");
    return [
        {
            key: "name",
            title: t("tokens.name"),
            lead: true,
            render: (token) => <span className="row-name">{token.name}</span>,
        },
        { key: "permissions", title: t("tokens.may"), render: (token) => <Permissions token={token} /> },
        { key: "expires", title: t("tokens.expires"), render: (token) => <Expiry token={token} /> },
        { key: "used", title: t("tokens.used"), render: (token) => <LastUse token={token} /> },
        {
            key: "actions",
            title: t("actions"),
            quiet: true,
            align: "end",
            render: (token) => (
                <Button
                    size="small"
                    danger
                    aria-label={t("tokens.deleteNamed", { name: token.name })}
                    onClick={() => onDelete(token)}
                >
                    {t("tokens.delete")}
                </Button>
            ),
        },
    ];
}

const MOST_SHOWN = 3;

function Permissions({ token: { permissions } }: { token: Token }) {
    const { t } = useTranslation("account");
    const words = usePermissionWords();
    const all = permissions.map(words);
    const rest = all.length - MOST_SHOWN;
    return (
        <span className="token-permissions" title={all.join("\n")}>
            {all.slice(0, MOST_SHOWN).join(", ")}
            {rest > 0 && ` ${t("tokens.andMore", { count: rest })}`}
        </span>
    );
}

function Expiry({ token: { expireTime } }: { token: Token }) {
    const { t } = useTranslation("account");
    const times = useTimes();
    const state = tokenState(expireTime, useNow(AGO_STEP_MS));
    return (
        <div className="stack">
            {expireTime && <time dateTime={expireTime}>{times.dateMinute(expireTime)}</time>}
            {state !== "valid" && <Pill tone={TONES[state]}>{t(`tokens.state.${state}`)}</Pill>}
        </div>
    );
}

function LastUse({ token: { lastUsedTime, lastUsedAddress } }: { token: Token }) {
    const { t } = useTranslation("account");
    const times = useTimes();
    const now = useNow(AGO_STEP_MS);
    if (!lastUsedTime) return <span className="meta">{t("tokens.never")}</span>;
    return (
        <div className="stack">
            <time dateTime={lastUsedTime} title={times.dateTime(lastUsedTime)}>
                {times.ago(lastUsedTime, now)}
            </time>
            <span className="meta">{lastUsedAddress}</span>
        </div>
    );
}

function DeleteDialog({ token, onClose }: { token: Token; onClose: () => void }) {
    const { t } = useTranslation("account");
    const client = useQueryClient();
    const words = useErrorWords();
    useReturnFocus();
    const { mutate, isPending } = useMutation({
        mutationFn: () => deleteToken({ id: token.id }),
        onSuccess: () => toast("ok", t("tokens.deleted", { name: token.name })),
        onError: (error) => toast("bad", words(error)),
        onSettled: () => {
            refresh(client, listTokens);
            onClose();
        },
    });
    return (
        <ConfirmDialog
            open
            title={t("tokens.deleteTitle", { name: token.name })}
            action={t("tokens.delete")}
            busy={isPending}
            onConfirm={() => mutate()}
            onCancel={onClose}
        >
            {t("tokens.deleteHint")}
        </ConfirmDialog>
    );
}
