// The wall of this page: the passes before it was opened, and each one since, the moment it is heard.

import { useQuery } from "@tanstack/react-query";
import { useEffect, useReducer } from "react";
import type { Pass } from "#api/gen/smartpass/v1/pass_http";
import { listPasses } from "#api/gen/smartpass/v1/pass_http";
import type { LiveEvent } from "#api/live";
import { query } from "#api/query";
import { useLiveEvents } from "#ui/useLive";
import { EMPTY_WALL, MOST_TILES, paused, resumed, type Wall, withEvent, withList } from "./wall";

type Step = { list: readonly Pass[] } | { event: LiveEvent } | "pause" | "resume";

function reduce(wall: Wall, step: Step): Wall {
    if (step === "pause") return paused(wall);
    if (step === "resume") return resumed(wall);
    return "list" in step ? withList(wall, step.list) : withEvent(wall, step.event);
}

export function useWall() {
    const [wall, dispatch] = useReducer(reduce, EMPTY_WALL);
    const { data, error, refetch } = useQuery({ ...query(listPasses, { pageSize: MOST_TILES }), staleTime: 0 });

    useEffect(() => {
        if (data) dispatch({ list: data.passes });
    }, [data]);
    useLiveEvents((event) => dispatch({ event }));

    return {
        wall,
        error,
        loading: !data && !error,
        retry: () => void refetch(),
        toggle: () => dispatch(wall.held ? "resume" : "pause"),
    };
}
