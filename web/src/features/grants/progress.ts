// How far the terminals are with a batch of grants: counts per terminal, kept up to date grant by grant.

import type { Grant } from "#api/gen/smartpass/v1/pass_http";
import type { PersonRef } from "#ui/grantWizard";

export interface DeviceRef {
    readonly id: string;
    readonly name: string;
    readonly online: boolean;
}

/** A terminal's typed reason, or that somebody took the grant back while it was on its way. */
export type FailureReason = Grant["failure"] | "WITHDRAWN";

export interface Failure {
    readonly person: PersonRef;
    readonly device: DeviceRef;
    readonly reason: FailureReason;
}

export interface DeviceProgress {
    readonly device: DeviceRef;
    readonly ok: number;
    readonly failed: number;
    readonly left: number;
}

export interface Progress {
    readonly total: number;
    readonly ok: number;
    readonly failed: number;
    readonly devices: readonly DeviceProgress[];
    readonly failures: readonly Failure[];
}

type Outcome = "left" | "ok" | "failed";

interface Entry {
    outcome: Outcome;
    reason: FailureReason;
    updateTime: string;
}

const LEFT: Entry = { outcome: "left", reason: "APPLY_FAILURE_UNSPECIFIED", updateTime: "" };

function entryOf(grant: Grant): Entry {
    const updateTime = grant.updateTime ?? "";
    if (grant.state === "GRANT_STATE_ON_DEVICE") return { ...LEFT, outcome: "ok", updateTime };
    if (grant.state === "GRANT_STATE_FAILED") return { outcome: "failed", reason: grant.failure, updateTime };
    if (grant.state === "GRANT_STATE_PENDING") return { ...LEFT, updateTime };
    return { outcome: "failed", reason: "WITHDRAWN", updateTime };
}

export class GrantProgress {
    private readonly people: ReadonlyMap<string, PersonRef>;
    private readonly devices: Map<string, DeviceRef>;
    /** By terminal, then by person; who is missing is still on the way. */
    private readonly entries = new Map<string, Map<string, Entry>>();

    constructor(people: readonly PersonRef[], devices: readonly DeviceRef[]) {
        this.people = new Map(people.map((person) => [person.id, person]));
        this.devices = new Map(devices.map((device) => [device.id, device]));
        for (const { id } of devices) this.entries.set(id, new Map());
    }

    /** Takes in what a terminal said, unless something newer is known. False: it changes nothing here. */
    apply(grant: Grant): boolean {
        const entries = this.entries.get(grant.deviceId);
        if (!entries || !this.people.has(grant.personId)) return false;
        const known = entries.get(grant.personId) ?? LEFT;
        const next = entryOf(grant);
        if (Date.parse(next.updateTime) < Date.parse(known.updateTime)) return false;
        entries.set(grant.personId, next);
        return next.outcome !== known.outcome || next.reason !== known.reason;
    }

    setOnline(deviceId: string, online: boolean): boolean {
        const device = this.devices.get(deviceId);
        if (!device || device.online === online) return false;
        this.devices.set(deviceId, { ...device, online });
        return true;
    }

    /** These are sent anew: what was known of them no longer counts. */
    restart(failures: readonly Failure[]): void {
        for (const { person, device } of failures) this.entries.get(device.id)?.delete(person.id);
    }

    progress(): Progress {
        const failures: Failure[] = [];
        const devices = [...this.devices.values()].map((device) => this.deviceProgress(device, failures));
        const sum = (pick: (one: DeviceProgress) => number) => devices.reduce((all, one) => all + pick(one), 0);
        return {
            total: this.people.size * this.devices.size,
            ok: sum((one) => one.ok),
            failed: sum((one) => one.failed),
            devices,
            failures,
        };
    }

    private deviceProgress(device: DeviceRef, failures: Failure[]): DeviceProgress {
        let ok = 0;
        let failed = 0;
        for (const [personId, entry] of this.entries.get(device.id) ?? []) {
            if (entry.outcome === "ok") ok++;
            if (entry.outcome !== "failed") continue;
            failed++;
            const person = this.people.get(personId);
            if (person) failures.push({ person, device, reason: entry.reason });
        }
        return { device, ok, failed, left: this.people.size - ok - failed };
    }
}
