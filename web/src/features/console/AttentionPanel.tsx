// What somebody should look at: high temperatures, people who were turned away, terminals that are gone.

import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Skeleton } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { type Device, listDevices } from "#api/gen/smartpass/v1/devices_http";
import { listPasses, type Pass } from "#api/gen/smartpass/v1/pass_http";
import { query } from "#api/query";
import { Failure, Notice } from "#ui/Notice";
import { Temperature, usePassName } from "#ui/PassMarks";
import { Pill } from "#ui/Pill";
import { useNow, useTimes } from "#ui/useTimes";
import { attentionPasses } from "./attention";

const MOST_ROWS = 5;
const AGO_STEP_MS = 10_000;

export function AttentionPanel({ from }: { from: string }) {
    const { t } = useTranslation("console");
    const hot = useQuery(query(listPasses, { from, state: "PASS_STATE_ABNORMAL_TEMPERATURE", pageSize: MOST_ROWS }));
    const denied = useQuery(query(listPasses, { from, result: "PASS_RESULT_DENIED", pageSize: MOST_ROWS }));
    const offline = useQuery(query(listDevices, { state: "DEVICE_STATE_OFFLINE", pageSize: MOST_ROWS }));

    const reads = [hot, denied, offline];
    const passes = attentionPasses(hot.data?.passes ?? [], denied.data?.passes ?? [], MOST_ROWS);
    const devices = offline.data?.devices ?? [];
    const failed = reads.find((read) => read.error && !read.data);
    const loading = reads.some((read) => read.isPending);
    return (
        <section className="panel" aria-labelledby="attention-title">
            <header className="panel-head">
                <h2 id="attention-title">{t("attention.title")}</h2>
            </header>
            {failed && <Failure error={failed.error} onRetry={() => reads.forEach((read) => void read.refetch())} />}
            {loading && !failed && <Skeleton active title={false} className="panel-body" />}
            {!loading && !failed && passes.length + devices.length === 0 && (
                <Notice title={t("attention.none")}>{t("attention.noneHint")}</Notice>
            )}
            <ul className="attention">
                {devices.map((device) => (
                    <OfflineRow key={device.id} device={device} />
                ))}
                {passes.map((pass) => (
                    <PassRow key={pass.id} pass={pass} />
                ))}
            </ul>
        </section>
    );
}

interface RowProps {
    mark: ReactNode;
    title: string;
    facts: string;
    link: ReactNode;
}

function Row({ mark, title, facts, link }: RowProps) {
    return (
        <li>
            {mark}
            <div className="attention-words">
                <span>{title}</span>
                <span className="meta">{facts}</span>
            </div>
            {link}
        </li>
    );
}

/** A list whose first page has the record: the one that this panel took it from. */
const filterOf = (pass: Pass) =>
    pass.state === "PASS_STATE_ABNORMAL_TEMPERATURE"
        ? ({ state: "PASS_STATE_ABNORMAL_TEMPERATURE" } as const)
        : ({ result: "PASS_RESULT_DENIED" } as const);

function PassRow({ pass }: { pass: Pass }) {
    const { t } = useTranslation("console");
    const ui = useTranslation("ui").t;
    const times = useTimes();
    const name = usePassName()(pass);
    const time = pass.occurTime ? times.timeOfDay(pass.occurTime) : "";
    const isDenied = pass.result === "PASS_RESULT_DENIED";
    const hot = pass.state === "PASS_STATE_ABNORMAL_TEMPERATURE";
    const title = t("attention.pass", { name, device: pass.deviceName });
    return (
        <Row
            mark={hot ? <Temperature pass={pass} /> : <Pill tone="bad">{ui(`result.${pass.result}`)}</Pill>}
            title={title}
            facts={
                isDenied
                    ? t("attention.denied", { time, reason: ui(`deny.${pass.denyReason}`) })
                    : t("attention.hotAllowed", { time })
            }
            link={
                <Link
                    className="small-link"
                    to="/passes"
                    search={{ ...filterOf(pass), show: pass.id }}
                    aria-label={`${t("attention.review")}: ${title}`}
                >
                    {t("attention.review")}
                </Link>
            }
        />
    );
}

function OfflineRow({ device }: { device: Device }) {
    const { t } = useTranslation("console");
    const ui = useTranslation("ui").t;
    const times = useTimes();
    const now = useNow(AGO_STEP_MS);
    const seen = device.lastSeenTime;
    return (
        <Row
            mark={<Pill tone="warn">{ui(`deviceState.${device.state}`)}</Pill>}
            title={device.name}
            facts={
                seen
                    ? t("attention.lastSeen", { time: times.dateMinute(seen), ago: times.ago(seen, now) })
                    : t("attention.neverSeen")
            }
            link={
                <Link
                    className="small-link"
                    to="/devices/$id"
                    params={{ id: device.id }}
                    aria-label={`${t("attention.open")}: ${device.name}`}
                >
                    {t("attention.open")}
                </Link>
            }
        />
    );
}
