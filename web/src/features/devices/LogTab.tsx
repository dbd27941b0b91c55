// What the terminal says of its own doings; new lines appear while somebody follows.

import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { Alert, Button, Select, Switch } from "antd";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Device } from "#api/gen/smartpass/v1/devices_http";
import { type DeviceLogLine, type LogLevel, listDeviceLog, logLevelNames } from "#api/gen/smartpass/v1/monitor_http";
import { query } from "#api/query";
import { may, useSession } from "#api/session";
import { type Column, DataTable } from "#ui/DataTable";
import { useBlockReason } from "#ui/GuardedButton";
import { EmptyList, Failure, Notice } from "#ui/Notice";
import { Pill, type Tone } from "#ui/Pill";
import { SearchBox } from "#ui/SearchBox";
import { useTimes } from "#ui/useTimes";
import { newestId, withLines } from "./log";

const route = getRouteApi("/shell/devices/$id");
const PAGE = 50;
const FOLLOW_MS = 2_000;

export default function LogTab({ device }: { device: Device }) {
    const { q, level } = route.useSearch();
    const blocked = useBlockReason()({ call: listDeviceLog });
    if (!may(useSession(), listDeviceLog)) return <Notice title={blocked ?? ""} />;
    return (
        <section className="panel">
            {/* Other lines for another filter. */}
            <Lines key={`${device.id} ${q} ${level}`} device={device} q={q} level={level} />
        </section>
    );
}

interface LinesProps {
    device: Device;
    q: string;
    level: LogLevel | "";
}

function Lines({ device, q, level }: LinesProps) {
    const { t } = useTranslation("devices");
    const navigate = route.useNavigate();
    const [following, setFollowing] = useState(true);
    const columns = useColumns();
    const log = useLog({ deviceId: device.id, query: q, ...(level && { atLeast: level }) }, following);
    const filter = (change: { q?: string; level?: LinesProps["level"] }) =>
        void navigate({ search: (now) => ({ ...now, ...change }) as typeof now, replace: true });
    return (
        <>
            <div className="toolbar">
                <SearchBox label={t("log.search")} value={q} onChange={(next) => filter({ q: next })} />
                <Select
                    className="filter-select"
                    aria-label={t("log.level")}
                    value={level || "LOG_LEVEL_INFO"}
                    options={logLevelNames.map((value) => ({ value, label: t(`log.atLeast.${value}`) }))}
                    onChange={(next) => filter({ level: next === "LOG_LEVEL_INFO" ? "" : next })}
                />
                <span className="toolbar-end labelled-switch" title={t("log.following")}>
                    <span id="log-follow">{t("log.follow")}</span>
                    <Switch aria-labelledby="log-follow" checked={following} onChange={setFollowing} />
                </span>
            </div>
            {device.state === "DEVICE_STATE_OFFLINE" && <Alert type="info" title={t("log.offline")} banner />}
            {log.error && !log.lines ? (
                <Failure error={log.error} onRetry={log.retry} />
            ) : (
                <DataTable
                    label={t("log.title")}
                    columns={columns}
                    rows={log.lines}
                    rowKey={({ id }) => id}
                    rowName={({ event }) => event}
                    onRetry={log.retry}
                    empty={
                        <EmptyList
                            filtered={q !== "" || level !== ""}
                            nothing={t("log.nothing")}
                            noMatch={t("log.noMatch")}
                            onClear={() => filter({ q: "", level: "" })}
                        />
                    }
                />
            )}
            {log.more && (
                <div className="log-more">
                    <Button loading={log.busy} onClick={log.more}>
                        {t("log.older")}
                    </Button>
                </div>
            )}
        </>
    );
}

type Filter = { deviceId: string; query: string; atLeast?: LogLevel };

/** The newest lines, older ones on request, and what comes while somebody follows. */
function useLog(filter: Filter, following: boolean) {
    const [token, setToken] = useState("");
    const [lines, setLines] = useState<readonly DeviceLogLine[]>();
    const page = useQuery({
        ...query(listDeviceLog, { ...filter, pageSize: PAGE, pageToken: token }),
        staleTime: 0,
    });
    const after = newestId(lines ?? []);
    const news = useQuery({
        ...query(listDeviceLog, { ...filter, pageSize: PAGE, after }),
        enabled: following && lines !== undefined && lines.length > 0,
        staleTime: 0,
        refetchInterval: FOLLOW_MS,
    });
    // Pages stay when the next one comes: they are one list to whoever reads it.
    useEffect(() => {
        if (page.data) setLines((now = []) => withLines(now, page.data.lines));
    }, [page.data]);
    useEffect(() => {
        if (news.data && news.data.lines.length > 0) setLines((now = []) => withLines(now, news.data.lines));
    }, [news.data]);
    const empty = lines?.length === 0;
    const reload = page.refetch;
    useEffect(() => {
        if (!following || !empty) return;
        const timer = window.setInterval(() => void reload(), FOLLOW_MS);
        return () => window.clearInterval(timer);
    }, [following, empty, reload]);

    const next = page.data?.nextPageToken ?? "";
    return {
        lines,
        error: page.error,
        busy: page.isFetching,
        retry: () => void page.refetch(),
        more: next === "" ? undefined : () => setToken(next),
    };
}

const TONES: Record<LogLevel, Tone> = {
    LOG_LEVEL_UNSPECIFIED: "idle",
    LOG_LEVEL_INFO: "info",
    LOG_LEVEL_WARNING: "warn",
    LOG_LEVEL_ERROR: "bad",
};

function useColumns(): readonly Column<DeviceLogLine>[] {
    const { t, i18n } = useTranslation("devices");
    const event = (name: string) =>
        i18n.exists(`log.event.${name}`, { ns: "devices" }) ? t(`log.event.${name}` as "log.event.STARTED") : name;
    return [
        { key: "time", title: t("log.column.time"), render: ({ time }) => <At instant={time} /> },
        {
            key: "level",
            title: t("log.column.level"),
            render: ({ level }) => (
                <Pill tone={TONES[level]} plain={level === "LOG_LEVEL_INFO"}>
                    {t(`log.levelName.${level}`)}
                </Pill>
            ),
        },
        { key: "event", title: t("log.column.event"), lead: true, render: (line) => event(line.event) },
        {
            key: "detail",
            title: t("log.column.detail"),
            render: ({ detail }) => <span className="log-detail">{detail || "–"}</span>,
        },
    ];
}

function At({ instant }: { instant: string | undefined }) {
    const times = useTimes();
    return instant ? <time dateTime={instant}>{times.dateTime(instant)}</time> : null;
}
