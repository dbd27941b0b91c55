import { Link } from "@tanstack/react-router";
import { Button, Skeleton } from "antd";
import { memo } from "react";
import { useTranslation } from "react-i18next";
import type { Pass } from "#api/gen/smartpass/v1/pass_http";
import { PauseIcon, PlayIcon } from "#ui/icons";
import { Failure, Notice } from "#ui/Notice";
import { DenyWords, KindPill, PassStatePill, ResultPill, Temperature, usePassName } from "#ui/PassMarks";
import { Snapshot } from "#ui/Photo";
import { useTimes } from "#ui/useTimes";
import { useWall } from "./useWall";

export function LiveWall() {
    const { t } = useTranslation("console");
    const { wall, error, loading, retry, toggle } = useWall();
    const held = wall.held?.length ?? 0;
    return (
        <section className="panel wall" aria-labelledby="wall-title">
            <header className="panel-head">
                <h2 id="wall-title">{t("wall.title")}</h2>
                <span className="meta" aria-live="polite">
                    {held > 0 && t("wall.held", { count: held })}
                </span>
                <Button size="small" icon={wall.held ? <PlayIcon /> : <PauseIcon />} onClick={toggle}>
                    {t(wall.held ? "wall.resume" : "wall.pause")}
                </Button>
            </header>
            {error && wall.tiles.length === 0 && <Failure error={error} onRetry={retry} />}
            {loading && wall.tiles.length === 0 && <Skeleton active title={false} className="panel-body" />}
            {!loading && !error && wall.tiles.length === 0 && (
                <Notice title={t("wall.empty")}>{t("wall.emptyHint")}</Notice>
            )}
            <ol className="tiles">
                {wall.tiles.map((pass) => (
                    <Tile key={pass.id} pass={pass} />
                ))}
            </ol>
        </section>
    );
}

/** One pass. Tiles that did not change are not drawn again when a new one comes. */
const Tile = memo(function Tile({ pass }: { pass: Pass }) {
    const { t } = useTranslation("console");
    const times = useTimes();
    const name = usePassName()(pass);
    // The pill says it already.
    const maskDenied = pass.denyReason === "DENY_REASON_NO_MASK";
    const stranger = pass.personId === "0" || pass.personId === "";
    return (
        <li className={`tile ${edge(pass)}`} data-pass-id={pass.id}>
            <div className="tile-picture">
                <Snapshot pass={pass} name={name} className="tile-snapshot" />
                <span className="tile-temperature">
                    <Temperature pass={pass} />
                </span>
            </div>
            <div className="tile-facts">
                <Link
                    className="tile-name"
                    to="/passes"
                    search={stranger ? { kind: "PERSON_KIND_STRANGER" } : { person: pass.personId }}
                    aria-label={t("wall.details", { name })}
                >
                    {name}
                </Link>
                <p className="tile-where">
                    <span title={pass.deviceName}>{pass.deviceName}</span>
                    {pass.occurTime && <time dateTime={pass.occurTime}>{times.timeOfDay(pass.occurTime)}</time>}
                </p>
                <p className="tile-pills">
                    <KindPill kind={pass.kind} />
                    <ResultPill result={pass.result} />
                    {pass.state === "PASS_STATE_NO_MASK" && <PassStatePill state={pass.state} />}
                </p>
                {!maskDenied && <DenyWords result={pass.result} reason={pass.denyReason} />}
            </div>
        </li>
    );
});

function edge(pass: Pass): string {
    if (pass.kind === "PERSON_KIND_BLACKLIST") return "tile-alarm";
    return pass.result === "PASS_RESULT_ALLOWED" ? "tile-ok" : "tile-bad";
}
