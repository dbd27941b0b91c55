import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { listDevices } from "#api/gen/smartpass/v1/devices_http";
import { batchRevokeGrants, type Grant, listGrants } from "#api/gen/smartpass/v1/pass_http";
import { listEmployees } from "#api/gen/smartpass/v1/people_http";
import { refresh } from "#api/query";
import { ConfirmDialog } from "#ui/ConfirmDialog";
import { toast } from "#ui/toasts";
import { useErrorWords } from "#ui/useErrorWords";
import { useReturnFocus } from "#ui/useReturnFocus";
import { MOST_PEOPLE } from "./limits";

interface RevokeDialogProps {
    grants: readonly Grant[];
    onDone: () => void;
    onClose: () => void;
}

export function RevokeDialog({ grants, onDone, onClose }: RevokeDialogProps) {
    const { t } = useTranslation("grants");
    const client = useQueryClient();
    const words = useErrorWords();
    useReturnFocus();
    const { mutate, isPending } = useMutation({
        mutationFn: () => revoke(grants),
        onSuccess: (count) => {
            toast("ok", t("revoked", { count }));
            onDone();
        },
        onError: (error) => toast("bad", words(error)),
        onSettled: () => {
            refresh(client, listGrants, listEmployees, listDevices);
            onClose();
        },
    });
    return (
        <ConfirmDialog
            open
            title={t("revokeTitle", { count: grants.length })}
            action={t("revoke")}
            busy={isPending}
            onConfirm={() => mutate()}
            onCancel={onClose}
        >
            <p>{t("revokeHint")}</p>
        </ConfirmDialog>
    );
}

/** As many as the server takes at a time. Answers how many are being revoked. */
async function revoke(grants: readonly Grant[]): Promise<number> {
    let count = 0;
    for (let from = 0; from < grants.length; from += MOST_PEOPLE) {
        const batch = grants.slice(from, from + MOST_PEOPLE);
        const answer = await batchRevokeGrants({
            grants: batch.map(({ personId, deviceId }) => ({ personId, deviceId })),
        });
        count += answer.count;
    }
    return count;
}
