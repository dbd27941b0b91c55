// Writes src/api/gen from ../proto: protobuf's JSON types, and our functions and printed shapes beside them.
import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const web = dirname(dirname(fileURLToPath(import.meta.url)));
const proto = join(web, "..", "proto");
const gen = join(web, "src", "api", "gen");

const domains = readdirSync(join(proto, "smartpass", "v1"))
    .filter((name) => name.endsWith(".proto"))
    .map((name) => `smartpass/v1/${name}`);

rmSync(gen, { recursive: true, force: true });
mkdirSync(gen, { recursive: true });
execFileSync(
    process.env.PROTOC ?? "protoc",
    [
        `-I${proto}`,
        "-I/usr/share/gocode/src/github.com/gogo/googleapis",
        "-I/usr/include",
        `--plugin=protoc-gen-es=${join(web, "node_modules", ".bin", "protoc-gen-es")}`,
        `--plugin=protoc-gen-console=${join(web, "codegen", "protoc-gen-console")}`,
        `--es_out=${gen}`,
        "--es_opt=target=ts,json_types=true",
        `--console_out=${gen}`,
        "--console_opt=target=ts",
        "google/api/annotations.proto",
        "google/api/http.proto",
        "google/api/httpbody.proto",
        ...domains,
    ],
    { stdio: "inherit" },
);
