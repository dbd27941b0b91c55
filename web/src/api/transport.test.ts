import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ApiError } from "./errors";
import { batchCreateGrants } from "./gen/smartpass/v1/pass_http";
import {
    createEmployee,
    downloadPhoto,
    listEmployees,
    updateEmployee,
    uploadPhoto,
} from "./gen/smartpass/v1/people_http";
import { uploadImport } from "./gen/smartpass/v1/transfer_http";

const fetched = vi.fn<typeof fetch>();
const answer = (body: unknown, status = 200) => Promise.resolve(new Response(JSON.stringify(body), { status }));

beforeEach(() => vi.stubGlobal("fetch", fetched));
afterEach(() => {
    vi.unstubAllGlobals();
    fetched.mockReset();
});

describe("a generated call", () => {
    it("puts what a GET asks into the query and leaves out what is empty", async () => {
        fetched.mockReturnValue(answer({ employees: [] }));
        await listEmployees({ query: "Li & Na", skip: 20, groupId: "" });
        expect(fetched.mock.calls[0]?.[0]).toBe("/v1/employees?query=Li+%26+Na&skip=20");
        expect(fetched.mock.calls[0]?.[1]).toMatchObject({ method: "GET", body: null });
    });

    it("sends the named field as the body", async () => {
        fetched.mockReturnValue(answer({}));
        await createEmployee({ employee: { number: "007", name: "Li Na" } });
        const [address, init] = fetched.mock.calls[0] ?? [];
        expect(address).toBe("/v1/employees");
        expect(init).toMatchObject({ method: "POST", body: '{"number":"007","name":"Li Na"}' });
        expect(init?.headers).toMatchObject({ "X-Smartpass": "1", "Content-Type": "application/json" });
    });

    it("takes a nested field into the path", async () => {
        fetched.mockReturnValue(answer({}));
        await updateEmployee({ employee: { id: "42", name: "Li" } });
        expect(fetched.mock.calls[0]?.[0]).toBe("/v1/employees/42");
    });

    it("never calls with a hole in the path", async () => {
        await expect(updateEmployee({ employee: { name: "Li" } })).rejects.toThrow(TypeError);
        expect(fetched).not.toHaveBeenCalled();
    });

    it("keeps a custom verb's colon", async () => {
        fetched.mockReturnValue(answer({ count: 1 }));
        await batchCreateGrants({ personIds: ["1"], deviceIds: ["2"] });
        expect(fetched.mock.calls[0]?.[0]).toBe("/v1/grants:batchCreate");
    });

    it("uploads a watched file as a form, which tells its name, and says how far it is", async () => {
        const sent: unknown[] = [];
        class Request {
            upload: { onprogress?: (event: object) => void } = {};
            status = 200;
            response: unknown = { id: "5" };
            responseType = "";
            onload?: () => void;
            open = (...what: unknown[]) => sent.push(what);
            setRequestHeader = (...what: unknown[]) => sent.push(what);
            send(form: FormData) {
                sent.push((form.get("file") as File).name);
                this.upload.onprogress?.({ loaded: 1, total: 2 });
                this.onload?.();
            }
        }
        vi.stubGlobal("XMLHttpRequest", Request);
        const progress = vi.fn();
        const file = new File(["x"], "people.csv");
        expect(await uploadImport(file, { onProgress: progress })).toEqual({ id: "5" });
        expect(sent).toEqual([
            ["POST", "/v1/imports"],
            ["Accept", "application/json"],
            ["X-Smartpass", "1"],
            "people.csv",
        ]);
        expect(progress).toHaveBeenCalledWith(1, 2);
    });

    it("uploads the bytes as they are", async () => {
        fetched.mockReturnValue(answer({ id: "9" }));
        const picture = new Blob(["x"], { type: "image/jpeg" });
        await uploadPhoto(picture);
        expect(fetched.mock.calls[0]?.[1]).toMatchObject({ body: picture, headers: { "Content-Type": "image/jpeg" } });
    });

    it("gives raw bytes an address", () => {
        expect(downloadPhoto({ id: "9", thumbnail: true })).toBe("/v1/photos/9?thumbnail=true");
    });

    it("carries its policy", () => {
        expect(createEmployee.method.permission).toBe("employees.edit");
    });
});

describe("a refusal", () => {
    it("names each field with its typed reason", async () => {
        const body = {
            error: {
                code: 400,
                status: "INVALID_ARGUMENT",
                message: "The photo does not fit.",
                details: [
                    {
                        "@type": "type.googleapis.com/google.rpc.ErrorInfo",
                        reason: "NO_FACE",
                        metadata: { photo: "NO_FACE" },
                    },
                    {
                        "@type": "type.googleapis.com/google.rpc.BadRequest",
                        fieldViolations: [{ field: "photo", description: "No face." }],
                    },
                ],
            },
        };
        fetched.mockReturnValue(answer(body, 400));
        const error = await uploadPhoto(new Blob()).catch((thrown: unknown) => thrown);
        expect(error).toBeInstanceOf(ApiError);
        expect(error).toMatchObject({
            status: "INVALID_ARGUMENT",
            reason: "NO_FACE",
            violations: [{ field: "photo", reason: "NO_FACE", description: "No face." }],
        });
    });

    it("of a proxy that speaks no JSON is still an error with a status", async () => {
        fetched.mockResolvedValue(new Response("<html>", { status: 502 }));
        await expect(listEmployees({})).rejects.toMatchObject({ status: "UNAVAILABLE", temporary: true });
    });

    it("of the network reads as unreachable", async () => {
        fetched.mockRejectedValue(new TypeError("Failed to fetch"));
        await expect(listEmployees({})).rejects.toMatchObject({ reason: "NETWORK" });
    });
});
