// What a result says, as pairs of a name and a value; the type's own name is of no interest to a reader.
export function resultFacts(result: unknown): readonly (readonly [string, string])[] {
    if (typeof result !== "object" || result === null) return [];
    return Object.entries(result)
        .filter(([name, value]) => name !== "@type" && value !== null && value !== "")
        .map(([name, value]) => [words(name), typeof value === "object" ? JSON.stringify(value) : String(value)]);
}

/** "failedRows" → "failed rows". */
const words = (name: string) => name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
