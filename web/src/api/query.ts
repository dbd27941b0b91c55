// Server data lives in one cache, under the name of the method that gave it.

import { keepPreviousData, MutationCache, QueryCache, QueryClient, queryOptions } from "@tanstack/react-query";
import { ApiError } from "./errors";
import type { Unary } from "./transport";

/** A read as the cache keeps it. */
export const query = <Request extends object, Answer>(call: Unary<Request, Answer>, request: Request) =>
    queryOptions({
        queryKey: [call.method.name, request],
        queryFn: ({ signal }) => call(request, { signal }),
    });

/** A page of a list: the page before stays visible until the next one is there. */
export const pageQuery = <Request extends object, Answer>(call: Unary<Request, Answer>, request: Request) =>
    queryOptions({ ...query(call, request), placeholderData: keepPreviousData });

/**
 * Marks every answer of the methods as stale; what is on screen is loaded anew. What is being tried again after a failure
 * goes on trying: starting over with each event would never come to an end.
 */
export function refresh(
    client: QueryClient,
    ...calls: readonly { readonly method: { readonly name: string } }[]
): void {
    for (const { method } of calls)
        void client.invalidateQueries({
            queryKey: [method.name],
            predicate: ({ state }) => state.fetchStatus === "idle" || state.fetchFailureCount === 0,
        });
}

const MOST_RETRIES = 2;

/** `onError` hears every refusal, whoever asked, so that a lost session is noticed in one place. */
export function createQueryClient(onError: (error: unknown) => void): QueryClient {
    return new QueryClient({
        queryCache: new QueryCache({ onError }),
        mutationCache: new MutationCache({ onError }),
        defaultOptions: {
            queries: {
                // Live events say when something changed.
                staleTime: 30_000,
                retry: (failures, error) => failures < MOST_RETRIES && error instanceof ApiError && error.temporary,
                refetchOnWindowFocus: false,
            },
            mutations: { retry: false },
        },
    });
}
