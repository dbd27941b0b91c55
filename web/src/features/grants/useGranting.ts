// One batch of grants: sends it, and follows what the terminals answer.

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { listDevices } from "#api/gen/smartpass/v1/devices_http";
import { batchCreateGrants, listGrants } from "#api/gen/smartpass/v1/pass_http";
import { listEmployees } from "#api/gen/smartpass/v1/people_http";
import { refresh } from "#api/query";
import type { PersonRef } from "#ui/grantWizard";
import { useLiveEvents, useThrottled } from "#ui/useLive";
import { type DeviceRef, type Failure, GrantProgress, type Progress } from "./progress";

export interface Batch {
    readonly people: readonly PersonRef[];
    readonly devices: readonly DeviceRef[];
    /** As the API wants it. */
    readonly validity: { validFrom?: string; validUntil?: string };
}

const SHOW_MS = 100;

export function useGranting() {
    const client = useQueryClient();
    const book = useRef<GrantProgress>(undefined);
    const batch = useRef<Batch>(undefined);
    const [progress, setProgress] = useState<Progress>();
    const show = useThrottled(() => book.current && setProgress(book.current.progress()), SHOW_MS);

    // From before the call: terminals may confirm sooner than the call is answered.
    useLiveEvents(({ grant, device, resync }) => {
        const current = book.current;
        if (!current) return;
        if (grant && current.apply(grant)) show();
        if (device && current.setOnline(device.id, device.state === "DEVICE_STATE_ONLINE")) show();
        if (resync) void readStates(current).then(show);
    });

    const send = useMutation({
        mutationFn: (parts: readonly GrantPart[]) => sendAll(parts, batch.current?.validity ?? {}),
        onSuccess: () => book.current && readStates(book.current).then(show),
        onSettled: () => refresh(client, listGrants, listEmployees, listDevices),
    });

    const start = (next: Batch) => {
        batch.current = next;
        book.current = new GrantProgress(next.people, next.devices);
        show();
        const personIds = next.people.map((person) => person.id);
        send.mutate([{ personIds, deviceIds: next.devices.map((device) => device.id) }]);
    };
    const retry = (failures: readonly Failure[]) => {
        book.current?.restart(failures);
        show();
        send.mutate(partsOf(failures));
    };
    const sending = send.isPending;
    return { progress, start, retry, sending, error: send.error };
}

export type Granting = ReturnType<typeof useGranting>;

interface GrantPart {
    readonly personIds: string[];
    readonly deviceIds: string[];
}

/** A call grants every person at every terminal, so that single failures are one call per terminal. */
function partsOf(failures: readonly Failure[]): readonly GrantPart[] {
    const people = new Map<string, string[]>();
    for (const { person, device } of failures) people.set(device.id, [...(people.get(device.id) ?? []), person.id]);
    return [...people].map(([deviceId, personIds]) => ({ personIds, deviceIds: [deviceId] }));
}

async function sendAll(parts: readonly GrantPart[], validity: Batch["validity"]): Promise<void> {
    for (const part of parts) await batchCreateGrants({ ...part, ...validity });
}

const PAGE = 100;
// Grants come newest first, so that those of a batch are on the first pages of their terminal.
const MOST_PAGES = 10;

/** Reads what the terminals have answered so far, for what no event told. */
async function readStates(book: GrantProgress): Promise<void> {
    const open = book.progress().devices.filter((one) => one.left > 0);
    await Promise.all(open.map(({ device, left }) => readDevice(book, device.id, left)));
}

async function readDevice(book: GrantProgress, deviceId: string, left: number): Promise<void> {
    let pageToken = "";
    for (let page = 0; page < MOST_PAGES && page * PAGE < left; page++) {
        const answer = await listGrants({ deviceId, pageSize: PAGE, pageToken });
        for (const grant of answer.grants) book.apply(grant);
        pageToken = answer.nextPageToken;
        if (pageToken === "") return;
    }
}
