import type { Pass } from "#api/gen/smartpass/v1/pass_http";

/** The newest of both lists, each pass once: who was turned away for a fever is in both. */
export function attentionPasses(hot: readonly Pass[], denied: readonly Pass[], most: number): readonly Pass[] {
    const byId = new Map([...hot, ...denied].map((pass) => [pass.id, pass]));
    const at = (pass: Pass) => Date.parse(pass.occurTime ?? "") || 0;
    return [...byId.values()].sort((a, b) => at(b) - at(a)).slice(0, most);
}

/** A pass that belongs on the list, and that an alarm sound may announce. */
export const needsAttention = (pass: Pass) =>
    pass.state === "PASS_STATE_ABNORMAL_TEMPERATURE" ||
    pass.kind === "PERSON_KIND_BLACKLIST" ||
    pass.result === "PASS_RESULT_DENIED";
