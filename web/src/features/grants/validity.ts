// From when to when a pass is good, on the enterprise's wall clock.

export interface Validity {
    readonly permanent: boolean;
    /** "2026-11-20T22:06"; "": at once. */
    readonly from: string;
    readonly to: string;
}

export const PERMANENT: Validity = { permanent: true, from: "", to: "" };

export type ValidityFault = "rangeMissing" | "rangeOrder" | "rangePast";

/** What is wrong with it at the instant `now`; undefined: nothing. */
export function validityFault(
    { permanent, from, to }: Validity,
    instantOf: (wall: string) => string,
    now: number,
): ValidityFault | undefined {
    if (permanent) return undefined;
    if (to === "") return "rangeMissing";
    if (from !== "" && instantOf(from) >= instantOf(to)) return "rangeOrder";
    return Date.parse(instantOf(to)) <= now ? "rangePast" : undefined;
}

/** The same as the API wants it. */
export function validityRequest({ permanent, from, to }: Validity, instantOf: (wall: string) => string) {
    if (permanent) return {};
    return { ...(from && { validFrom: instantOf(from) }), ...(to && { validUntil: instantOf(to) }) };
}
