import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { deleteOperation, listOperations, type Operation } from "#api/gen/smartpass/v1/operations_http";
import { refresh } from "#api/query";
import type { Column } from "#ui/DataTable";
import { Pill } from "#ui/Pill";
import { RowMenu } from "#ui/RowMenu";
import { toast } from "#ui/toasts";
import { useErrorWords } from "#ui/useErrorWords";
import { useTimes } from "#ui/useTimes";
import { OperationBar, OperationStatePill } from "./OperationBar";
import { useOperationName } from "./useOperationName";

interface ColumnActions {
    onShow: (id: string) => void;
    onCancel: (operation: Operation) => void;
}

export function useColumns(actions: ColumnActions): readonly Column<Operation>[] {
    const { t } = useTranslation("operations");
    return [
        { key: "what", title: t("column.what"), lead: true, render: (one) => <What operation={one} {...actions} /> },
        { key: "state", title: t("column.state"), render: (one) => <OperationStatePill operation={one} /> },
        { key: "progress", title: t("column.progress"), render: (one) => <OperationBar operation={one} /> },
        { key: "failures", title: t("column.failures"), align: "end", render: (one) => <Failures operation={one} /> },
        { key: "operator", title: t("column.operator"), render: (one) => one.operator },
        { key: "started", title: t("column.started"), render: (one) => <At instant={one.createTime} /> },
        { key: "ended", title: t("column.ended"), render: (one) => <At instant={one.finishTime} /> },
        {
            key: "actions",
            title: t("actions"),
            quiet: true,
            align: "end",
            render: (one) => <OperationMenu operation={one} {...actions} />,
        },
    ];
}

function What({ operation, onShow }: ColumnActions & { operation: Operation }) {
    const nameOf = useOperationName();
    return (
        <button type="button" className="row-title" onClick={() => onShow(operation.id)}>
            {nameOf(operation)}
        </button>
    );
}

function Failures({ operation: { failures } }: { operation: Operation }) {
    return Number(failures) > 0 ? <Pill tone="bad">{failures}</Pill> : <span className="meta">0</span>;
}

function At({ instant }: { instant: string | undefined }) {
    const times = useTimes();
    if (!instant) return <span className="meta">–</span>;
    return <time dateTime={instant}>{times.dateTime(instant)}</time>;
}

function OperationMenu({ operation, onShow, onCancel }: ColumnActions & { operation: Operation }) {
    const { t } = useTranslation("operations");
    const name = useOperationName()(operation);
    const client = useQueryClient();
    const words = useErrorWords();
    const dismiss = useMutation({
        mutationFn: () => deleteOperation({ id: operation.id }),
        onSuccess: () => toast("ok", t("dismissed", { name })),
        onError: (error) => toast("bad", words(error)),
        onSettled: () => refresh(client, listOperations),
    });
    return (
        <RowMenu
            name={name}
            actions={[
                { key: "details", label: t("details"), run: () => onShow(operation.id) },
                {
                    key: "cancel",
                    label: t("cancel"),
                    blocked: useCancelBlock(operation),
                    run: () => onCancel(operation),
                },
                {
                    key: "dismiss",
                    label: t("dismiss"),
                    blocked: operation.done ? undefined : t("blocked.running"),
                    run: () => dismiss.mutate(),
                },
            ]}
        />
    );
}

/** Why it cannot be cancelled; undefined: it can. */
export function useCancelBlock({ done, cancelRequested }: Operation): string | undefined {
    const { t } = useTranslation("operations");
    if (done) return t("blocked.ended");
    return cancelRequested ? t("blocked.cancelling") : undefined;
}
