// What the server says when it refuses, as one error that pages can ask about.

export interface Violation {
    /** The proto path, e.g. "employee.name". */
    readonly field: string;
    /** Typed, e.g. "NUMBER_TAKEN"; empty when the server gave none. */
    readonly reason: string;
    /** The server's own English words, for reasons that the console has no words for. */
    readonly description: string;
}

export class ApiError extends Error {
    constructor(
        /** The name of the gRPC code, e.g. "INVALID_ARGUMENT". */
        readonly status: string,
        /** Typed, e.g. "LOGIN_LOCKED"; empty when the server gave none. */
        readonly reason: string,
        message: string,
        readonly metadata: Readonly<Record<string, string>> = {},
        readonly violations: readonly Violation[] = [],
    ) {
        super(message);
        this.name = "ApiError";
    }

    /** The same request may succeed later. */
    get temporary(): boolean {
        return this.status === "UNAVAILABLE" || this.status === "DEADLINE_EXCEEDED" || this.status === "ABORTED";
    }
}

interface ErrorBody {
    error?: {
        status?: string;
        message?: string;
        details?: readonly {
            "@type"?: string;
            reason?: string;
            metadata?: Record<string, string>;
            fieldViolations?: readonly { field?: string; description?: string }[];
        }[];
    };
}

/** Reads the body of an answer that is no success. A body that is not ours (a proxy's page) still gives an error. */
export function errorFromBody(httpStatus: number, body: unknown): ApiError {
    const error = (body as ErrorBody | null)?.error;
    if (!error) return new ApiError(statusOfHttp(httpStatus), "", `HTTP ${httpStatus}`);

    const details = error.details ?? [];
    const info = details.find((detail) => detail["@type"]?.endsWith("/google.rpc.ErrorInfo"));
    const metadata = info?.metadata ?? {};
    const violations = details
        .flatMap((detail) => detail.fieldViolations ?? [])
        .map(({ field = "", description = "" }) => ({ field, reason: metadata[field] ?? "", description }));

    return new ApiError(
        error.status ?? statusOfHttp(httpStatus),
        info?.reason ?? "",
        error.message ?? `HTTP ${httpStatus}`,
        metadata,
        violations,
    );
}

function statusOfHttp(httpStatus: number): string {
    if (httpStatus === 401) return "UNAUTHENTICATED";
    if (httpStatus === 403) return "PERMISSION_DENIED";
    if (httpStatus === 404) return "NOT_FOUND";
    if (httpStatus === 413) return "INVALID_ARGUMENT";
    if (httpStatus === 502 || httpStatus === 503 || httpStatus === 504) return "UNAVAILABLE";
    return "UNKNOWN";
}

/** The request never got an answer. */
export const unreachable = () => new ApiError("UNAVAILABLE", "NETWORK", "The server cannot be reached.");

export const isSessionLost = (error: unknown) =>
    error instanceof ApiError && (error.reason === "SESSION_MISSING" || error.reason === "SESSION_EXPIRED");

export const mustChangePassword = (error: unknown) =>
    error instanceof ApiError && error.reason === "PASSWORD_CHANGE_REQUIRED";
