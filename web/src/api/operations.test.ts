import { describe, expect, it } from "vitest";
import { progressOf, resultOf } from "./operations";

const running = "OPERATION_STATE_RUNNING";

describe("the progress of an operation", () => {
    it("is a share of the whole, cut and not rounded", () => {
        expect(progressOf({ progress: "2", total: "3", state: running })).toEqual({ done: 2, total: 3, percent: 66 });
    });

    it("is complete only when the operation has succeeded", () => {
        expect(progressOf({ progress: "3", total: "3", state: running }).percent).toBe(99);
        expect(progressOf({ progress: "3", total: "3", state: "OPERATION_STATE_SUCCEEDED" }).percent).toBe(100);
    });

    it("is unknown while the whole is unknown", () => {
        expect(progressOf({ progress: "7", total: "0", state: running }).percent).toBeUndefined();
    });

    it("never leaves its scale, whatever the server counts", () => {
        expect(progressOf({ progress: "9", total: "3", state: running }).percent).toBe(99);
        expect(progressOf({ progress: "-1", total: "3", state: "OPERATION_STATE_FAILED" }).percent).toBe(0);
    });
});

it("takes a result only for what it says it is", () => {
    const result = { "@type": "type.googleapis.com/smartpass.v1.ExportResult", fileId: "7" };
    expect(resultOf<{ fileId: string }>({ result }, "ExportResult")?.fileId).toBe("7");
    expect(resultOf({ result }, "ImportResult")).toBeUndefined();
    expect(resultOf({}, "ExportResult")).toBeUndefined();
});
