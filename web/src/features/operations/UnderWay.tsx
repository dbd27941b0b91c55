// The way to the operation centre, in the header: how many operations are under way, and a word when one has ended.

import "./words";
import "./operations.css";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { listOperations, type OperationState } from "#api/gen/smartpass/v1/operations_http";
import { query } from "#api/query";
import { useSession } from "#api/session";
import { OperationIcon } from "#ui/icons";
import { toast } from "#ui/toasts";
import { useLiveEvents, useLiveState } from "#ui/useLive";
import { useFreshOperations } from "./useFreshOperations";
import { useOperationName } from "./useOperationName";

const BUSY_POLL_MS = 3_000;
const IDLE_POLL_MS = 30_000;

export default function UnderWay() {
    const { t } = useTranslation("operations");
    const count = useCount("OPERATION_STATE_RUNNING") + useCount("OPERATION_STATE_QUEUED");
    useFreshOperations();
    useEndings();
    const label = count > 0 ? t("underWay", { count }) : t("title");
    return (
        <Link to="/operations" className="icon-button under-way" aria-label={label} title={label}>
            <OperationIcon size={18} />
            {count > 0 && (
                <span className="under-way-count" aria-hidden="true">
                    {count > 99 ? "99+" : count}
                </span>
            )}
        </Link>
    );
}

function useCount(state: OperationState): number {
    const live = useLiveState();
    const { data } = useQuery({
        ...query(listOperations, { state, pageSize: 1 }),
        // Without the stream somebody must ask: often while something is under way, seldom otherwise.
        refetchInterval: ({ state: { data: last } }) => {
            if (live === "live") return false;
            return last && last.totalSize > 0 ? BUSY_POLL_MS : IDLE_POLL_MS;
        },
        retry: false,
    });
    return data?.totalSize ?? 0;
}

/** Whoever started it learns how it ended, on whatever page. */
function useEndings(): void {
    const { t } = useTranslation("operations");
    const { username } = useSession();
    const nameOf = useOperationName();
    useLiveEvents(({ operation }) => {
        if (!operation?.done || operation.operator !== username) return;
        const name = nameOf(operation);
        if (operation.state === "OPERATION_STATE_SUCCEEDED") toast("ok", t("succeeded", { name }));
        if (operation.state === "OPERATION_STATE_FAILED") toast("bad", t("failed", { name }));
    });
}
