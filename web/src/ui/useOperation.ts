import { useQuery } from "@tanstack/react-query";
import { getOperation } from "#api/gen/smartpass/v1/operations_http";
import { query } from "#api/query";

const POLL_MS = 1_000;

/** One operation, followed to its end; "": none yet. Whoever started it looks at it, so it is asked for every second. */
export const useOperation = (id: string) =>
    useQuery({
        ...query(getOperation, { id }),
        enabled: id !== "",
        staleTime: 0,
        refetchInterval: ({ state }) => (state.data?.done ? false : POLL_MS),
    });
