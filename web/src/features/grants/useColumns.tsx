import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { batchRevokeGrants, type Grant, type GrantState, listPasses } from "#api/gen/smartpass/v1/pass_http";
import type { Column } from "#ui/DataTable";
import { useBlockReason } from "#ui/GuardedButton";
import { KindPill } from "#ui/PassMarks";
import { PersonPhoto } from "#ui/Photo";
import { Pill, type Tone } from "#ui/Pill";
import { RowMenu } from "#ui/RowMenu";
import { useTimes } from "#ui/useTimes";

interface ColumnActions {
    onRevoke: (grant: Grant) => void;
}

export function useColumns({ onRevoke }: ColumnActions): readonly Column<Grant>[] {
    const { t } = useTranslation("grants");
    const times = useTimes();
    return [
        {
            key: "person",
            title: t("column.person"),
            lead: true,
            render: (grant) => (
                <div className="person">
                    <PersonPhoto photoId={grant.photoId} />
                    <div>
                        <span className="row-name">{grant.personName}</span>
                        <span className="meta">{grant.personNumber}</span>
                    </div>
                </div>
            ),
        },
        { key: "kind", title: t("column.kind"), render: (grant) => <KindPill kind={grant.personKind} /> },
        { key: "device", title: t("column.device"), render: (grant) => grant.deviceName },
        { key: "validity", title: t("column.validity"), render: (grant) => <Validity grant={grant} /> },
        { key: "state", title: t("column.state"), render: (grant) => <State grant={grant} /> },
        {
            key: "updated",
            title: t("column.updated"),
            render: (grant) => grant.updateTime && <time>{times.dateTime(grant.updateTime)}</time>,
        },
        {
            key: "actions",
            title: t("actions"),
            quiet: true,
            align: "end",
            render: (grant) => <GrantMenu grant={grant} onRevoke={onRevoke} />,
        },
    ];
}

function Validity({ grant: { validFrom, validUntil } }: { grant: Grant }) {
    const { t } = useTranslation("grants");
    const times = useTimes();
    const from = validFrom && times.dateMinute(validFrom);
    const to = validUntil && times.dateMinute(validUntil);
    if (from && to) return t("fromTo", { from, to });
    if (from) return t("from", { from });
    if (to) return t("until", { to });
    return t("permanent");
}

const TONES: Record<GrantState, Tone> = {
    GRANT_STATE_UNSPECIFIED: "idle",
    GRANT_STATE_PENDING: "warn",
    GRANT_STATE_ON_DEVICE: "ok",
    GRANT_STATE_FAILED: "bad",
    GRANT_STATE_EXPIRED: "idle",
    GRANT_STATE_REVOKING: "warn",
};

function State({ grant }: { grant: Grant }) {
    const { t } = useTranslation("grants");
    return (
        <div className="stack">
            <Pill tone={TONES[grant.state]}>{t(`states.${grant.state}`)}</Pill>
            {grant.state === "GRANT_STATE_FAILED" && <span className="meta">{t(`failure.${grant.failure}`)}</span>}
        </div>
    );
}

function GrantMenu({ grant, onRevoke }: ColumnActions & { grant: Grant }) {
    const { t } = useTranslation("grants");
    const blockReason = useBlockReason();
    const navigate = useNavigate();
    const already = grant.state === "GRANT_STATE_REVOKING" ? t("revoking") : undefined;
    return (
        <RowMenu
            name={`${grant.personName}, ${grant.deviceName}`}
            actions={[
                {
                    key: "passes",
                    label: t("showPasses"),
                    blocked: blockReason({ call: listPasses }),
                    run: () =>
                        void navigate({ to: "/passes", search: { person: grant.personId, device: grant.deviceId } }),
                },
                {
                    key: "revoke",
                    label: t("revoke"),
                    danger: true,
                    blocked: blockReason({ call: batchRevokeGrants, blocked: already }),
                    run: () => onRevoke(grant),
                },
            ]}
        />
    );
}
