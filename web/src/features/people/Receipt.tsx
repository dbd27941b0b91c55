// The receipt of an erasure: what is unreadable now, and what each terminal has said.

import "./erasureWords";
import { useTranslation } from "react-i18next";
import type { Erasure, ErasureTerminal } from "#api/gen/smartpass/v1/people_http";
import { Facts } from "#ui/Facts";
import { KindPill } from "#ui/PassMarks";
import { Pill } from "#ui/Pill";
import { useTimes } from "#ui/useTimes";

export function Receipt({ erasure }: { erasure: Erasure }) {
    const { t } = useTranslation("erasures");
    const times = useTimes();
    return (
        <>
            <PendingPill pending={erasure.pending} />
            <Facts
                facts={[
                    [t("receipt.name"), erasure.name],
                    [t("receipt.number"), erasure.number],
                    [t("receipt.kind"), <KindPill key="kind" kind={erasure.kind} />],
                    [t("receipt.time"), erasure.eraseTime && times.dateTime(erasure.eraseTime)],
                    [t("receipt.operator"), erasure.operator],
                    [t("receipt.pictures"), String(erasure.pictures)],
                ]}
            />
            <p className="form-note">{t("receipt.hint")}</p>
            <Terminals terminals={erasure.terminals} />
        </>
    );
}

/** How many terminals have not confirmed yet. */
export function PendingPill({ pending }: { pending: number }) {
    const { t } = useTranslation("erasures");
    if (pending === 0) return <Pill tone="ok">{t("receipt.complete")}</Pill>;
    return <Pill tone="warn">{t("receipt.pending", { count: pending })}</Pill>;
}

function Terminals({ terminals }: { terminals: readonly ErasureTerminal[] }) {
    const { t } = useTranslation("erasures");
    const times = useTimes();
    if (terminals.length === 0) return <p>{t("receipt.noTerminals")}</p>;
    return (
        <section aria-labelledby="receipt-terminals">
            <h2 id="receipt-terminals">{t("receipt.terminals")}</h2>
            <ul className="receipt-terminals">
                {terminals.map((terminal) => (
                    <li key={terminal.deviceId}>
                        <span>{terminal.deviceName}</span>
                        <TerminalPill terminal={terminal} />
                        {terminal.confirmTime && (
                            <time className="meta" dateTime={terminal.confirmTime}>
                                {times.dateTime(terminal.confirmTime)}
                            </time>
                        )}
                    </li>
                ))}
            </ul>
        </section>
    );
}

function TerminalPill({ terminal }: { terminal: ErasureTerminal }) {
    const { t } = useTranslation("erasures");
    if (terminal.confirmTime) return <Pill tone="ok">{t("receipt.confirmed")}</Pill>;
    if (terminal.deviceDeleted) return <Pill tone="idle">{t("receipt.deviceDeleted")}</Pill>;
    return <Pill tone="warn">{t("receipt.waiting")}</Pill>;
}
