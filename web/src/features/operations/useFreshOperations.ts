// Keeps what is known of operations current: by the event stream while it is live, by asking now and then when it is not.

import { useQueryClient } from "@tanstack/react-query";
import { getOperation, listOperations } from "#api/gen/smartpass/v1/operations_http";
import { refresh } from "#api/query";
import { useLiveEvents, useLiveState, useThrottled } from "#ui/useLive";

const REFRESH_MS = 1_000;
const POLL_MS = 3_000;

/** Loads lists of operations anew when one has moved. */
export function useFreshOperations(): void {
    const client = useQueryClient();
    const reload = useThrottled(() => refresh(client, listOperations, getOperation), REFRESH_MS);
    useLiveEvents((event) => {
        if (event.operation) reload();
    });
}

/** For `refetchInterval`: only whoever hears nothing by itself asks, and only while there is something to hear. */
export function usePollInterval(): (underWay: boolean) => number | false {
    const live = useLiveState();
    return (underWay) => (underWay && live !== "live" ? POLL_MS : false);
}
