// What becomes of commands that were given together.

import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { type Command, listCommands } from "#api/gen/smartpass/v1/commands_http";
import { ProgressBar } from "#ui/ProgressBar";
import { CommandStateCell } from "./CommandState";
import { commandsOfBatch, isOver, type Order, tallyOf } from "./commands";

interface CommandProgressProps {
    batchId: string;
    /** As they were when they were given. */
    first: readonly Command[];
    order: Order;
}

const POLL_MS = 500;

export function CommandProgress({ batchId, first, order }: CommandProgressProps) {
    const { t } = useTranslation("commands");
    const { data: commands = first } = useQuery({
        queryKey: [listCommands.method.name, "batch", batchId],
        queryFn: ({ signal }) => commandsOfBatch(batchId, signal),
        enabled: !first.every(isOver),
        refetchInterval: ({ state }) => (state.data?.every(isOver) ? false : POLL_MS),
        staleTime: 0,
    });
    const tally = tallyOf(commands);
    const over = commands.length - tally.left;
    return (
        <div className="command-progress" aria-live="polite">
            <ProgressBar
                label={t("progress", { kind: t(`kind.${order}`) })}
                percent={commands.length === 0 ? 100 : Math.floor((over / commands.length) * 100)}
                words={t("progressWords", { ...tally })}
                tone={tally.left > 0 ? "running" : tally.failed > 0 ? "bad" : "ok"}
            />
            {/* A region that scrolls must be reachable with the keyboard. */}
            {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the arrow keys scroll it */}
            <section className="command-list" aria-label={t("progress", { kind: t(`kind.${order}`) })} tabIndex={0}>
                <ul>
                    {commands.map((command) => (
                        <li key={command.id}>
                            <span className="row-name">{command.deviceName}</span>
                            <CommandStateCell command={command} />
                        </li>
                    ))}
                </ul>
            </section>
        </div>
    );
}
