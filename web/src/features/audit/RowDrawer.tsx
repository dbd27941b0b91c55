// One entry with what the object was before and after.

import { useQuery } from "@tanstack/react-query";
import { Alert } from "antd";
import { useTranslation } from "react-i18next";
import { type AuditRow, getAuditRow } from "#api/gen/smartpass/v1/audit_http";
import { query } from "#api/query";
import { Facts } from "#ui/Facts";
import { LoadedDrawer } from "#ui/LoadedDrawer";
import { useTimes } from "#ui/useTimes";
import { Changes } from "./Changes";
import { useAuditWords } from "./useAuditWords";
import { AuditResult, Seal } from "./useColumns";

interface RowDrawerProps {
    id: string;
    onClose: () => void;
}

export default function RowDrawer({ id, onClose }: RowDrawerProps) {
    const { t } = useTranslation("audit");
    const words = useAuditWords();
    const { data, error, refetch } = useQuery({ ...query(getAuditRow, { id }), staleTime: 0, retry: false });
    const title = data ? words.verb(data.action) : t("detailsTitle", { id });
    return (
        <LoadedDrawer
            open
            title={title}
            size={640}
            ready={data !== undefined}
            error={error}
            onRetry={() => void refetch()}
            onClose={onClose}
        >
            {data && <RowFacts row={data} />}
            {data && <Content row={data} />}
        </LoadedDrawer>
    );
}

function RowFacts({ row }: { row: AuditRow }) {
    const { t } = useTranslation("audit");
    const words = useAuditWords();
    const times = useTimes();
    const facts = [
        [t("column.time"), row.time && times.dateTime(row.time)],
        [t("column.operator"), row.operator || t("nobody")],
        [t("column.object"), row.object],
        [t("column.module"), words.module(row.module)],
        [t("column.address"), row.address],
        [t("column.result"), <AuditResult key="result" row={row} />],
        [t("column.seal"), <Seal key="seal" row={row} />],
    ] as const;
    return <Facts facts={facts} />;
}

function Content({ row }: { row: AuditRow }) {
    const { t } = useTranslation("audit");
    if (row.erased) return <Alert type="info" showIcon title={t("erased")} description={t("erasedHint")} />;
    if (row.before === "" && row.after === "") return <p className="meta">{t("noPayload")}</p>;
    return <Changes before={row.before} after={row.after} />;
}
