// Keeps the list of records current: by itself on its first page, by an offer to show them anywhere else.

import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { listPasses } from "#api/gen/smartpass/v1/pass_http";
import { refresh } from "#api/query";
import { useLiveEvents, useThrottled } from "#ui/useLive";
import { useTimes } from "#ui/useTimes";
import { matches } from "./match";
import type { PassesSearch } from "./search";

const KEY = "smartpass.passes.live";
const REFRESH_MS = 1_000;

/** Stays as it was when one comes back. */
function keptOn(): boolean {
    try {
        return localStorage.getItem(KEY) !== "off";
    } catch {
        return true;
    }
}

export function useFreshPasses(search: PassesSearch) {
    const client = useQueryClient();
    const { instantOf } = useTimes();
    const [on, setOn] = useState(keptOn);
    const [waiting, setWaiting] = useState(0);
    const follows = on && search.page === 1;
    const reload = useThrottled(() => refresh(client, listPasses), REFRESH_MS);

    useLiveEvents((event) => {
        if (event.snapshot && follows) reload();
        if (!event.pass || !matches(event.pass, search, instantOf)) return;
        if (follows) reload();
        else setWaiting((count) => count + 1);
    });

    const show = () => {
        setWaiting(0);
        refresh(client, listPasses);
    };
    const toggle = (next: boolean) => {
        try {
            localStorage.setItem(KEY, next ? "on" : "off");
        } catch {
            // Then the switch lasts as long as this page.
        }
        setOn(next);
        if (next) show();
    };
    return { on, toggle, waiting, show };
}
