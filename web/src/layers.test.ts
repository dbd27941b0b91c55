// The folders' permissions: features know the shared layers and never each other, and what only one place may do is done
// nowhere else.

import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const src = dirname(fileURLToPath(import.meta.url));

interface Source {
    path: string;
    text: string;
    imports: readonly string[];
}

function sourcesUnder(folder: string): Source[] {
    return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
        const path = join(folder, entry.name);
        if (entry.isDirectory()) return entry.name === "gen" ? [] : sourcesUnder(path);
        return /\.tsx?$/.test(entry.name) && !/\.test\.ts$/.test(entry.name) ? [read(path)] : [];
    });
}

function read(path: string): Source {
    const text = readFileSync(path, "utf8");
    const imports = [...text.matchAll(/(?:from|import\()\s*"([^"]+)"/g)].map((found) => inSrc(path, found[1] ?? ""));
    return { path: relative(src, path), text, imports };
}

/** "features/people/search" for whatever is ours, the package's name for the rest. */
function inSrc(path: string, name: string): string {
    if (name.startsWith("#")) return name.slice(1);
    return name.startsWith(".") ? relative(src, resolve(dirname(path), name)) : name;
}

const sources = sourcesUnder(src);
const layer = (path: string) => path.split("/")[0] ?? "";
const feature = (path: string) => path.match(/^features\/([^/]+)/)?.[1];
const wrong = (breaks: (source: Source, name: string) => boolean) =>
    sources.flatMap((source) =>
        source.imports.filter((name) => breaks(source, name)).map((name) => `${source.path} imports ${name}`),
    );

describe("the layers", () => {
    it("are what the sources are in", () => {
        expect(new Set(sources.map((source) => layer(source.path)))).toEqual(
            new Set(["api", "app", "features", "lib", "ui"]),
        );
    });

    it("keep features apart", () => {
        expect(
            wrong(({ path }, name) => !!feature(path) && !!feature(name) && feature(path) !== feature(name)),
        ).toEqual([]);
    });

    it("never look up: lib knows nothing, api knows lib, ui knows both, features know no app", () => {
        const below: Record<string, readonly string[]> = {
            lib: ["lib"],
            api: ["lib", "api"],
            ui: ["lib", "api", "ui"],
            features: ["lib", "api", "ui", "features"],
        };
        const ours = ["lib", "api", "ui", "features", "app"];
        const breaks = ({ path }: Source, name: string) =>
            ours.includes(layer(name)) &&
            below[layer(path)] !== undefined &&
            !below[layer(path)]?.includes(layer(name));
        expect(wrong(breaks)).toEqual([]);
    });
});

describe("what one place does", () => {
    const users = (pattern: RegExp) =>
        sources.filter((source) => pattern.test(source.text)).map((source) => source.path);

    it("is the event stream, in api/live", () => {
        expect(users(/new EventSource/)).toEqual(["api/live.ts"]);
    });

    it("is the wording of dates, in lib/time", () => {
        expect(users(/Intl\.(DateTime|RelativeTime)Format|toLocale(Date|Time)?String/)).toEqual(["lib/time.ts"]);
    });

    it("is calling the server, in api/transport", () => {
        expect(users(/\bfetch\(/)).toEqual(["api/transport.ts"]);
    });
});
