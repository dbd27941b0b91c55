// Writes src/api/gen from ../proto: protobuf's JSON types, and our functions and printed shapes beside them. Tests, lint and
// build each begin with this and may run beside each other, so a file that is right already is not touched, and one that is
// not is replaced in one step: whoever reads src/api/gen meanwhile never misses a file or sees half of one.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const web = dirname(dirname(fileURLToPath(import.meta.url)));
const proto = join(web, "..", "proto");
const gen = join(web, "src", "api", "gen");

const domains = readdirSync(join(proto, "smartpass", "v1"))
    .filter((name) => name.endsWith(".proto"))
    .map((name) => `smartpass/v1/${name}`);

/** The files below a folder, as paths from it. */
const filesBelow = (folder) =>
    readdirSync(folder, { recursive: true }).filter((name) => statSync(join(folder, name)).isFile());

const isSame = (one, other) => existsSync(other) && readFileSync(one).equals(readFileSync(other));

mkdirSync(gen, { recursive: true });
// Beside src/api/gen, for a rename works within one file system only.
const fresh = mkdtempSync(join(web, "node_modules", ".generate-"));
execFileSync(
    process.env.PROTOC ?? "protoc",
    [
        `-I${proto}`,
        "-I/usr/share/gocode/src/github.com/gogo/googleapis",
        "-I/usr/include",
        `--plugin=protoc-gen-es=${join(web, "node_modules", ".bin", "protoc-gen-es")}`,
        `--plugin=protoc-gen-console=${join(web, "codegen", "protoc-gen-console")}`,
        `--es_out=${fresh}`,
        "--es_opt=target=ts,json_types=true",
        `--console_out=${fresh}`,
        "--console_opt=target=ts",
        "google/api/annotations.proto",
        "google/api/http.proto",
        "google/api/httpbody.proto",
        ...domains,
    ],
    { stdio: "inherit" },
);

const made = filesBelow(fresh);
for (const name of made.filter((name) => !isSame(join(fresh, name), join(gen, name)))) {
    mkdirSync(dirname(join(gen, name)), { recursive: true });
    renameSync(join(fresh, name), join(gen, name));
}
for (const name of filesBelow(gen).filter((name) => !made.includes(name))) {
    rmSync(join(gen, name), { force: true });
}
rmSync(fresh, { recursive: true });
