import { useQueryClient } from "@tanstack/react-query";
import { refresh } from "#api/query";
import { useLiveEvents, useThrottled } from "#ui/useLive";
import type { Kind } from "./kinds";

const REFRESH_MS = 3_000;

/** Imports and deletions change the list from behind: it is loaded anew while one of them moves. */
export function useFreshPeople(kind: Kind): void {
    const client = useQueryClient();
    const reload = useThrottled(() => refresh(client, kind.list), REFRESH_MS);
    useLiveEvents(({ operation }) => {
        if (operation && /^(import|delete) /.test(operation.kind)) reload();
    });
}
