import { describe, expect, it } from "vitest";
import type { Grant } from "#api/gen/smartpass/v1/pass_http";
import { GrantProgress } from "./progress";

const person = (id: string) => ({ id, name: `P${id}`, number: id, photoId: "0" });
const device = (id: string) => ({ id, name: `D${id}`, online: true });
const grant = (personId: string, deviceId: string, state: Grant["state"], extra: Partial<Grant> = {}): Grant => ({
    personId,
    deviceId,
    personName: "",
    personNumber: "",
    personKind: "PERSON_KIND_EMPLOYEE",
    deviceName: "",
    state,
    failure: "APPLY_FAILURE_UNSPECIFIED",
    photoId: "0",
    updateTime: "2026-11-20T10:00:00Z",
    ...extra,
});
const book = () => new GrantProgress([person("1"), person("2")], [device("8"), device("9")]);

describe("the progress of a batch of grants", () => {
    it("begins with everything left", () => {
        const progress = book().progress();
        expect(progress).toMatchObject({ total: 4, ok: 0, failed: 0, failures: [] });
        expect(progress.devices.map((one) => one.left)).toEqual([2, 2]);
    });

    it("counts what each terminal confirms, once", () => {
        const progress = book();
        expect(progress.apply(grant("1", "8", "GRANT_STATE_ON_DEVICE"))).toBe(true);
        expect(progress.apply(grant("1", "8", "GRANT_STATE_ON_DEVICE"))).toBe(false);
        expect(progress.progress()).toMatchObject({ ok: 1, failed: 0 });
        expect(progress.progress().devices[0]).toMatchObject({ ok: 1, left: 1 });
    });

    it("keeps the typed reason of a failure", () => {
        const progress = book();
        progress.apply(grant("2", "9", "GRANT_STATE_FAILED", { failure: "APPLY_FAILURE_BAD_PHOTO" }));
        expect(progress.progress().failures).toEqual([
            { person: person("2"), device: device("9"), reason: "APPLY_FAILURE_BAD_PHOTO" },
        ]);
    });

    it("does not care about other people's grants", () => {
        const progress = book();
        expect(progress.apply(grant("7", "8", "GRANT_STATE_ON_DEVICE"))).toBe(false);
        expect(progress.apply(grant("1", "7", "GRANT_STATE_ON_DEVICE"))).toBe(false);
    });

    it("never goes back to something older", () => {
        const progress = book();
        progress.apply(grant("1", "8", "GRANT_STATE_ON_DEVICE", { updateTime: "2026-11-20T10:00:01.500Z" }));
        progress.apply(grant("1", "8", "GRANT_STATE_PENDING", { updateTime: "2026-11-20T10:00:01Z" }));
        expect(progress.progress().ok).toBe(1);
    });

    it("says when a grant was taken back on its way", () => {
        const progress = book();
        progress.apply(grant("1", "8", "GRANT_STATE_REVOKING"));
        expect(progress.progress().failures[0]?.reason).toBe("WITHDRAWN");
    });

    it("forgets a failure that is tried again", () => {
        const progress = book();
        progress.apply(grant("1", "8", "GRANT_STATE_FAILED"));
        progress.restart(progress.progress().failures);
        expect(progress.progress()).toMatchObject({ failed: 0 });
    });
});
