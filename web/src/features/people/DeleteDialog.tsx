// Asks before people are erased, and says what that means.

import "./erasureWords";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { listOperations } from "#api/gen/smartpass/v1/operations_http";
import { listGrants } from "#api/gen/smartpass/v1/pass_http";
import { type Erasure, listErasures } from "#api/gen/smartpass/v1/people_http";
import { refresh } from "#api/query";
import { ConfirmDialog } from "#ui/ConfirmDialog";
import { toast } from "#ui/toasts";
import { useReturnFocus } from "#ui/useReturnFocus";
import type { Person } from "./fields";
import { everybody, type Kind } from "./kinds";
import { useRefusalWords } from "./useReasonWords";

interface DeleteDialogProps {
    kind: Kind;
    /** At least one. */
    people: readonly Person[];
    /** With the receipt of one. Of many an operation makes them, and the page of receipts lists them. */
    onDone: (receipt: Erasure | undefined) => void;
    onClose: () => void;
}

export default function DeleteDialog({ kind, people, onDone, onClose }: DeleteDialogProps) {
    const { t } = useTranslation("erasures");
    const client = useQueryClient();
    const words = useRefusalWords();
    useReturnFocus();
    const [only, second] = people;
    const one = second ? undefined : only;
    const { mutate, isPending } = useMutation({
        mutationFn: async () => {
            if (one) return kind.remove({ id: one.id });
            await kind.removeMany({ ids: people.map(({ id }) => id) });
            toast("ok", t("delete.started", { count: people.length }));
            return undefined;
        },
        onSuccess: onDone,
        onError: (error) => {
            toast("bad", words(error));
            onClose();
        },
        onSettled: () => refresh(client, ...everybody, listGrants, listErasures, listOperations),
    });
    return (
        <ConfirmDialog
            open
            title={one ? t("delete.titleOne", { name: one.name }) : t("delete.titleMany", { count: people.length })}
            action={t("delete.action")}
            busy={isPending}
            onConfirm={() => mutate()}
            onCancel={onClose}
        >
            <p>
                <Terminals people={people} />
            </p>
            <p>{t("delete.final")}</p>
        </ConfirmDialog>
    );
}

/** From how many terminals they go first. */
function Terminals({ people }: { people: readonly Person[] }) {
    const { t } = useTranslation("erasures");
    const held = people.filter(({ deviceCount }) => deviceCount > 0);
    if (held.length === 0) return t("delete.noDevices", { count: people.length });
    const [only] = people;
    if (only && people.length === 1) return t("delete.devicesOne", { count: only.deviceCount });
    return t("delete.devicesMany", { count: held.length, all: people.length });
}
