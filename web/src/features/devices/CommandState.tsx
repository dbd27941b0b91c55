// How far a command has come, and why it failed.

import { useTranslation } from "react-i18next";
import type { Command, CommandState } from "#api/gen/smartpass/v1/commands_http";
import { Pill, type Tone } from "#ui/Pill";

const TONES: Record<CommandState, Tone> = {
    COMMAND_STATE_UNSPECIFIED: "idle",
    COMMAND_STATE_SENT: "info",
    COMMAND_STATE_RECEIVED: "info",
    COMMAND_STATE_DONE: "ok",
    COMMAND_STATE_FAILED: "bad",
    COMMAND_STATE_EXPIRED: "warn",
};

export function CommandStateCell({ command: { state, reason } }: { command: Command }) {
    const { t, i18n } = useTranslation("commands");
    const known = i18n.exists(`reason.${reason}`, { ns: "commands" });
    const why =
        state === "COMMAND_STATE_EXPIRED"
            ? t("expired")
            : reason && (known ? t(`reason.${reason}` as "reason.INTERRUPTED") : reason);
    return (
        <div className="stack">
            <Pill tone={TONES[state]}>{t(`state.${state}`)}</Pill>
            {why && <span className="meta">{why}</span>}
        </div>
    );
}
