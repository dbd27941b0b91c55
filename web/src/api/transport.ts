// Calls the gateway. Nothing here knows a domain: the functions in gen/ say what to call, this file says how.

import { errorFromBody, unreachable } from "./errors";

export interface Method {
    /** The full gRPC name; also the key under which answers are cached. */
    readonly name: string;
    readonly verb: string;
    /** With `{field}` where the request's fields go. */
    readonly path: string;
    /** The field that becomes the body; "*": what is not in the path; "": none, the rest goes into the query. */
    readonly body: string;
    /** Who may call it. */
    readonly caller:
        | "ANYONE"
        | "SIGNED_IN"
        | "PERMITTED"
        | "TERMINAL"
        | "FORMER_TERMINAL"
        | "SUPER"
        | "ENTERPRISE_ADMIN";
    /** What the caller's role must hold; "": nothing beyond what `caller` says. */
    readonly permission: string;
}

export interface CallOptions {
    signal?: AbortSignal;
}

export interface UploadOptions extends CallOptions {
    /** Hears how many bytes of how many have left the browser. */
    onProgress?: (sent: number, total: number) => void;
}

export interface Unary<Request, Answer> {
    (request: Request, options?: CallOptions): Promise<Answer>;
    readonly method: Method;
}

export interface Upload<Answer> {
    (file: Blob, options?: UploadOptions): Promise<Answer>;
    readonly method: Method;
}

/** Gives the address of raw bytes, for `src` attributes. */
export interface Download<Request> {
    (request: Request): string;
    readonly method: Method;
}

/** Gives the address of a server-sent event stream; `_answer` only carries the type of its messages. */
export interface Events<Request, Answer> {
    (request: Request): string;
    readonly method: Method;
    readonly _answer?: Answer;
}

export function unary<Request extends object, Answer>(method: Method): Unary<Request, Answer> {
    const call = async (request: Request, options: CallOptions = {}) => {
        const { address, body } = buildRequest(method, request);
        return (await send(method.verb, address, body, "application/json", options)) as Answer;
    };
    return Object.assign(call, { method });
}

const UNKNOWN_TYPE = "application/octet-stream";

export function upload<Answer>(method: Method): Upload<Answer> {
    const call = async (file: Blob, options: UploadOptions = {}) => {
        if (options.onProgress) return (await sendWatched(method.verb, method.path, file, options)) as Answer;
        return (await send(method.verb, method.path, file, file.type || UNKNOWN_TYPE, options)) as Answer;
    };
    return Object.assign(call, { method });
}

export function download<Request extends object>(method: Method): Download<Request> {
    return Object.assign((request: Request) => buildRequest(method, request).address, { method });
}

export function events<Request extends object, Answer>(method: Method): Events<Request, Answer> {
    return Object.assign((request: Request) => buildRequest(method, request).address, { method });
}

/** Spreads a request over path, query and body as its google.api.http rule says. */
export function buildRequest(method: Method, request: object): { address: string; body: string | null } {
    const rest: Record<string, unknown> = { ...request };
    const path = method.path.replace(/\{([^}]+)\}/g, (_, name: string) => {
        const [first = "", ...inner] = name.split(".");
        const value = inner.reduce<unknown>(
            (at, key) => (at as Record<string, unknown> | undefined)?.[key],
            rest[first],
        );
        if (value === undefined || value === "") throw new TypeError(`${method.name}: ${name} is missing`);
        if (inner.length === 0) delete rest[first];
        return encodeURIComponent(String(value));
    });

    if (method.body === "*") return { address: path, body: JSON.stringify(rest) };
    if (method.body === "") return { address: path + queryOf(rest), body: null };

    const { [method.body]: body, ...query } = rest;
    return { address: path + queryOf(query), body: JSON.stringify(body ?? {}) };
}

function queryOf(fields: Record<string, unknown>): string {
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries(fields)) {
        if (value === undefined || value === null || value === "" || value === false) continue;
        for (const one of Array.isArray(value) ? value : [value]) query.append(name, String(one));
    }
    const text = query.toString();
    return text ? `?${text}` : "";
}

function headersOf(verb: string, contentType: string): Record<string, string> {
    const headers: Record<string, string> = { Accept: "application/json" };
    // No other site's form can send this header: it is half of the protection against forged requests.
    if (verb !== "GET") headers["X-Smartpass"] = "1";
    if (contentType) headers["Content-Type"] = contentType;
    return headers;
}

async function send(
    verb: string,
    address: string,
    body: BodyInit | null,
    contentType: string,
    options: CallOptions,
): Promise<unknown> {
    let answer: Response;
    try {
        answer = await fetch(address, {
            method: verb,
            headers: headersOf(verb, body === null ? "" : contentType),
            body,
            credentials: "same-origin",
            signal: options.signal ?? null,
        });
    } catch (error) {
        if (options.signal?.aborted) throw error;
        throw unreachable();
    }

    const parsed: unknown = await answer.json().catch(() => null);
    if (!answer.ok) throw errorFromBody(answer.status, parsed);
    return parsed;
}

/** Sends a file as a form, which tells its name too, and says how far it is, which `fetch` cannot. */
function sendWatched(
    verb: string,
    address: string,
    file: Blob,
    { signal, onProgress }: UploadOptions,
): Promise<unknown> {
    const form = new FormData();
    form.append("file", file);
    return new Promise((resolve, reject) => {
        const request = new XMLHttpRequest();
        request.open(verb, address);
        // The form's own type has its boundary, which the browser writes.
        for (const [name, value] of Object.entries(headersOf(verb, ""))) request.setRequestHeader(name, value);
        request.responseType = "json";
        request.upload.onprogress = ({ loaded, total }) => onProgress?.(loaded, total);
        request.onload = () => {
            const parsed: unknown = request.response;
            if (request.status >= 200 && request.status < 300) resolve(parsed);
            else reject(errorFromBody(request.status, parsed));
        };
        request.onerror = () => reject(unreachable());
        request.onabort = () => reject(signal?.reason);
        signal?.addEventListener("abort", () => request.abort(), { once: true });
        request.send(form);
    });
}
