import type { Pass } from "#api/gen/smartpass/v1/pass_http";
import type { PassesSearch } from "./search";

/**
 * Would the list with this filter show the pass? Decides only whether to say that something is new; what is shown always
 * comes from the server.
 */
export function matches(pass: Pass, search: PassesSearch, instantOf: (wall: string) => string): boolean {
    const { device, person, kind, state, result, from, to } = search;
    if (device !== "" && pass.deviceId !== device) return false;
    if (person !== "" && pass.personId !== person) return false;
    if (kind !== "" && pass.kind !== kind) return false;
    if (state !== "" && pass.state !== state) return false;
    if (result !== "" && pass.result !== result) return false;
    return matchesWords(pass, search.q) && matchesTime(pass, from && instantOf(from), to && instantOf(to));
}

function matchesWords({ personName, personNumber }: Pass, words: string): boolean {
    const wanted = words.toLowerCase();
    return personName.toLowerCase().includes(wanted) || personNumber.toLowerCase().includes(wanted);
}

function matchesTime({ occurTime = "" }: Pass, from: string, to: string): boolean {
    const at = Date.parse(occurTime);
    return (from === "" || at >= Date.parse(from)) && (to === "" || at < Date.parse(to));
}
