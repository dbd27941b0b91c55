// One operation from its beginning to its end: how far it is, why it failed, what came out of it.

import { useQuery } from "@tanstack/react-query";
import { Alert, Button } from "antd";
import { useTranslation } from "react-i18next";
import { getOperation, type Operation, type OperationError } from "#api/gen/smartpass/v1/operations_http";
import { query } from "#api/query";
import { Facts } from "#ui/Facts";
import { LoadedDrawer } from "#ui/LoadedDrawer";
import { useTimes } from "#ui/useTimes";
import { OperationBar, OperationStatePill } from "./OperationBar";
import { OperationResult } from "./OperationResult";
import { useCancelBlock } from "./useColumns";
import { usePollInterval } from "./useFreshOperations";
import { useOperationName } from "./useOperationName";

interface OperationDrawerProps {
    id: string;
    onClose: () => void;
    onCancel: (operation: Operation) => void;
}

export function OperationDrawer({ id, onClose, onCancel }: OperationDrawerProps) {
    const { t } = useTranslation("operations");
    const nameOf = useOperationName();
    const pollInterval = usePollInterval();
    const { data, error, refetch } = useQuery({
        ...query(getOperation, { id }),
        refetchInterval: ({ state }) => pollInterval(state.data?.done === false),
    });
    return (
        <LoadedDrawer
            open
            title={data ? nameOf(data) : t("detailsTitle")}
            size={520}
            ready={data !== undefined}
            error={error}
            onRetry={() => void refetch()}
            onClose={onClose}
        >
            {data && <Details operation={data} onCancel={onCancel} />}
        </LoadedDrawer>
    );
}

function Details({ operation, onCancel }: { operation: Operation; onCancel: (operation: Operation) => void }) {
    const { t } = useTranslation("operations");
    const times = useTimes();
    const blocked = useCancelBlock(operation);
    const { createTime, finishTime } = operation;
    return (
        <>
            <OperationStatePill operation={operation} />
            {operation.error && <Reason error={operation.error} />}
            <OperationBar operation={operation} />
            <Facts
                facts={[
                    [t("column.failures"), operation.failures],
                    [t("column.operator"), operation.operator],
                    [t("column.started"), createTime && times.dateTime(createTime)],
                    [t("column.ended"), finishTime && times.dateTime(finishTime)],
                ]}
            />
            <OperationResult operation={operation} />
            {blocked === undefined && (
                <Button danger onClick={() => onCancel(operation)}>
                    {t("cancelAction")}
                </Button>
            )}
        </>
    );
}

/** The reason in the reader's language; the server's own words for those that the console does not know. */
function Reason({ error }: { error: OperationError }) {
    const { t, i18n } = useTranslation("operations");
    const key = `failure.${error.reason}`;
    const known = i18n.exists(key, { ns: "operations" });
    return (
        <Alert
            className="operation-reason"
            type="error"
            title={t("reason")}
            description={known ? t(key as "failure.INTERRUPTED") : error.message || error.reason}
        />
    );
}
