// What can be done with the chosen people.

import { useTranslation } from "react-i18next";
import { batchCreateGrants } from "#api/gen/smartpass/v1/pass_http";
import { BulkBar } from "#ui/BulkBar";
import { GuardedButton } from "#ui/GuardedButton";
import type { Person } from "./fields";
import type { Kind } from "./kinds";

interface SelectedProps {
    kind: Kind;
    people: readonly Person[];
    onClear: () => void;
    onGrant: (people: readonly Person[]) => void;
    onDelete: (people: readonly Person[]) => void;
}

// As many as the API takes at once.
const MOST_DELETED = 1_000;

export function Selected({ kind, people, onClear, onGrant, onDelete }: SelectedProps) {
    const { t } = useTranslation("people");
    return (
        <BulkBar count={people.length} onClear={onClear}>
            {kind.passes && (
                <GuardedButton type="primary" call={batchCreateGrants} onClick={() => onGrant(people)}>
                    {t("grant")}
                </GuardedButton>
            )}
            <GuardedButton
                danger
                call={kind.removeMany}
                blocked={people.length > MOST_DELETED ? t("delete.tooMany", { count: MOST_DELETED }) : undefined}
                onClick={() => onDelete(people)}
            >
                {t("delete.action")}
            </GuardedButton>
        </BulkBar>
    );
}
