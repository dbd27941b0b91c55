// What changed between two states of an object, field by field, so that nobody has to compare two walls of JSON.

export type Change = "same" | "changed" | "added" | "removed";

export interface FieldChange {
    /** "settings.relaySeconds", "permissions[2]"; "" for a value that has no fields. */
    readonly path: string;
    readonly change: Change;
    /** As text; "" where there is none. */
    readonly before: string;
    readonly after: string;
}

/**
 * `before` and `after` are JSON, or empty where there was no object. Fields stand in the order in which the server wrote
 * them, those that only one side has among them. The server leaves out what has its default value: a field that only one
 * side names was added or removed, whatever that means to its domain.
 */
export function differenceOf(before: string, after: string): readonly FieldChange[] {
    const old = fieldsOf(before);
    const now = fieldsOf(after);
    return mergedPaths([...old.keys()], [...now.keys()]).map((path) => {
        const was = old.get(path);
        const is = now.get(path);
        const change = was === undefined ? "added" : is === undefined ? "removed" : was === is ? "same" : "changed";
        return { path, change, before: was ?? "", after: is ?? "" };
    });
}

function fieldsOf(json: string): ReadonlyMap<string, string> {
    const fields = new Map<string, string>();
    if (json === "") return fields;
    try {
        collect(JSON.parse(json), "", fields);
    } catch {
        // A server of another version may write what is no JSON here: then it is shown as it is.
        fields.set("", json);
    }
    return fields;
}

function collect(value: unknown, path: string, fields: Map<string, string>): void {
    if (Array.isArray(value)) {
        // A list of plain values is one value: an entry more would otherwise change every entry behind it.
        if (value.every((entry) => typeof entry !== "object")) fields.set(path, value.map(String).join(", "));
        else
            value.forEach((entry, index) => {
                collect(entry, `${path}[${index + 1}]`, fields);
            });
    } else if (typeof value === "object" && value !== null) {
        for (const [name, inner] of Object.entries(value)) collect(inner, path ? `${path}.${name}` : name, fields);
    } else {
        fields.set(path, String(value ?? ""));
    }
}

/** The paths of `now`, with those that only `old` has where they stood: behind their neighbour. */
function mergedPaths(old: readonly string[], now: readonly string[]): readonly string[] {
    const known = new Set(now);
    const merged = [...now];
    old.forEach((path, index) => {
        if (known.has(path)) return;
        const neighbour = old[index - 1];
        merged.splice(neighbour === undefined ? 0 : merged.indexOf(neighbour) + 1, 0, path);
    });
    return merged;
}
