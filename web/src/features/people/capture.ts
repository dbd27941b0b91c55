import type { Capture, CaptureState } from "#api/gen/smartpass/v1/capture_http";

const UNDER_WAY: readonly CaptureState[] = ["CAPTURE_STATE_SENT", "CAPTURE_STATE_SHOWING", "CAPTURE_STATE_CHECKING"];

export const hasEnded = ({ state }: Pick<Capture, "state">) => !UNDER_WAY.includes(state);

/** Until it ends whatever happens; never below 0. */
export const secondsLeft = ({ expireTime }: Pick<Capture, "expireTime">, now: number) =>
    expireTime ? Math.max(0, Math.ceil((new Date(expireTime).getTime() - now) / 1_000)) : 0;
