import { useQueryClient } from "@tanstack/react-query";
import { listAlarms } from "#api/gen/smartpass/v1/monitor_http";
import { refresh } from "#api/query";
import { useLiveEvents, useThrottled } from "#ui/useLive";

const REFRESH_MS = 3_000;

/** What happens to a terminal may raise an alarm, or end one; what time raises is asked for. */
export const POLL_MS = 20_000;

export function useFreshAlarms(): void {
    const client = useQueryClient();
    const reload = useThrottled(() => refresh(client, listAlarms), REFRESH_MS);
    useLiveEvents((event) => {
        if (event.device) reload();
    });
}
