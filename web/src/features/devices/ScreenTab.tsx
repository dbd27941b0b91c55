// What the terminal shows at this moment, while somebody looks.

import { Alert, Button, Skeleton } from "antd";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Device } from "#api/gen/smartpass/v1/devices_http";
import { watchScreen } from "#api/gen/smartpass/v1/screens_http";
import { may, useSession } from "#api/session";
import { GuardedButton, useBlockReason } from "#ui/GuardedButton";
import { Notice } from "#ui/Notice";
import { Pill, type Tone } from "#ui/Pill";
import { useRefusalWords } from "#ui/refusals";
import { useNow, useTimes } from "#ui/useTimes";
import { useVisible } from "#ui/useVisible";
import { blockOf, callOf } from "./commands";
import type { DeviceActions } from "./DeviceMenu";
import { ageOf, type Sight, type Standing, standingOf } from "./screen";
import { targetOf } from "./target";
import { useScreen } from "./useScreen";

interface ScreenTabProps {
    device: Device;
    onOrder: DeviceActions["onOrder"];
}

export default function ScreenTab({ device, onOrder }: ScreenTabProps) {
    const { t } = useTranslation("devices");
    const permitted = may(useSession(), watchScreen);
    const blocked = useBlockReason()({ call: watchScreen });
    const block = blockOf(device);
    const [begun, setBegun] = useState(!block);
    // Once it is looked at, one that leaves for a while is still looked at when it returns.
    if (!block && !begun) setBegun(true);
    const power = <Power device={device} onOrder={onOrder} />;
    return (
        <section className="panel device-panel screen-panel">
            {permitted && begun ? (
                <LiveScreen device={device} power={power} />
            ) : (
                <>
                    <div className="screen-bar">{power}</div>
                    <Notice
                        title={
                            permitted ? t(device.waiting ? "screen.isWaiting" : "screen.isOffline") : (blocked ?? "")
                        }
                    />
                </>
            )}
        </section>
    );
}

function Power({ device, onOrder }: ScreenTabProps) {
    const { t } = useTranslation("commands");
    const block = blockOf(device);
    return (
        <>
            {(["COMMAND_KIND_RESTART", "COMMAND_KIND_SHUT_DOWN"] as const).map((order) => (
                <GuardedButton
                    key={order}
                    call={callOf(order)}
                    blocked={block && t(block)}
                    danger={order === "COMMAND_KIND_SHUT_DOWN"}
                    onClick={() => onOrder(order, targetOf(device), [device])}
                >
                    {t(`action.${order}`)}
                </GuardedButton>
            ))}
        </>
    );
}

function LiveScreen({ device, power }: { device: Device; power: ReactNode }) {
    const { t } = useTranslation("devices");
    const words = useRefusalWords("devices");
    const [paused, setPaused] = useState(false);
    const visible = useVisible();
    const { sight, error, retry } = useScreen(device.id, visible && !paused);
    return (
        <>
            <div className="screen-bar">
                {!error && sight && <State sight={sight} paused={paused || !visible} />}
                <Button aria-pressed={paused} disabled={Boolean(error)} onClick={() => setPaused(!paused)}>
                    {t("screen.pause")}
                </Button>
                {power}
            </div>
            {error ? (
                <Alert
                    type="error"
                    role="alert"
                    title={words(error)}
                    action={
                        <Button size="small" onClick={retry}>
                            {t("screen.again")}
                        </Button>
                    }
                />
            ) : (
                <Picture name={device.name} sight={sight} paused={paused} />
            )}
            <p className="meta">{t("screen.hint")}</p>
        </>
    );
}

const TONES: Record<Standing, Tone> = { starting: "info", silent: "warn", live: "ok", old: "warn", offline: "idle" };

/** How it stands is read out when that changes, how old the picture is stands beside it. */
function State({ sight, paused }: { sight: Sight; paused: boolean }) {
    const { t } = useTranslation("devices");
    const now = useNow();
    const times = useTimes();
    const standing = standingOf(sight, now);
    return (
        <span className="screen-state">
            <span role="status">
                <Pill tone={paused ? "idle" : TONES[standing]}>
                    {t(paused ? "screen.paused" : `screen.standing.${standing}`)}
                </Pill>
            </span>
            {sight.showTime && (
                <time className="meta" dateTime={sight.showTime}>
                    {paused || standing === "offline"
                        ? t("screen.shownAt", { time: times.dateTime(sight.showTime) })
                        : t("screen.age", { count: ageOf(sight, now) })}
                </time>
            )}
        </span>
    );
}

function Picture({ name, sight, paused }: { name: string; sight: Sight | undefined; paused: boolean }) {
    const { t } = useTranslation("devices");
    const [broken, setBroken] = useState("");
    const now = useNow();
    if (!sight?.picture) {
        const silent = sight !== undefined && standingOf(sight, now) === "silent";
        return (
            <Frame>
                {silent ? (
                    <Notice title={t("screen.silent")}>{t("screen.silentHint")}</Notice>
                ) : paused ? (
                    <Notice title={t("screen.paused")} />
                ) : (
                    <Skeleton.Image active className="screen-skeleton" />
                )}
            </Frame>
        );
    }
    if (broken === sight.frame)
        return (
            <Frame>
                <Notice title={t("screen.broken")} />
            </Frame>
        );
    return (
        <img
            className={`screen-picture${sight.online && !paused ? "" : " is-past"}`}
            src={sight.picture}
            alt={t("screen.alt", { name })}
            onError={() => setBroken(sight.frame)}
        />
    );
}

/** As large as a picture, so that nothing jumps when one comes. */
const Frame = ({ children }: { children: ReactNode }) => <div className="screen-picture screen-empty">{children}</div>;
