// Completes package-lock.json after `npm install` behind a registry that mirrors only some platforms: npm leaves out
// the optional packages that it could not find, and newer versions of `npm ci` refuse such a lock everywhere. The
// entries that this adds name version and platform; no machine that we build on ever fetches them.

import { readFileSync, writeFileSync } from "node:fs";

const lockPath = new URL("../package-lock.json", import.meta.url);
const systems = ["android", "darwin", "freebsd", "linux", "netbsd", "openbsd", "openharmony", "sunos", "win32"];
const processors = ["arm", "arm64", "ia32", "loong64", "mips64el", "ppc64", "riscv64", "s390x", "x64"];

/** The entry of a package like @rollup/rollup-linux-x64-musl, whose name tells its platform. */
function entryOf(name, version) {
    const words = name.split(/[/-]/);
    const os = systems.filter((system) => words.includes(system));
    const cpu = processors.filter((processor) => words.includes(processor));
    if (os.length === 0 || cpu.length === 0) throw new Error(`${name}: the name tells no platform`);
    const libc = words.at(-1).startsWith("musl") ? { libc: ["musl"] } : {};
    return { version, cpu, dev: true, ...libc, optional: true, os };
}

const lock = JSON.parse(readFileSync(lockPath, "utf8"));
const added = {};
for (const [path, { optionalDependencies = {} }] of Object.entries(lock.packages)) {
    for (const [name, version] of Object.entries(optionalDependencies)) {
        const known = [`node_modules/${name}`, `${path}/node_modules/${name}`].some((key) => key in lock.packages);
        if (!known) added[`node_modules/${name}`] = entryOf(name, version);
    }
}
const inOrder = ([a], [b]) => (a < b ? -1 : 1);
lock.packages = Object.fromEntries(Object.entries({ ...lock.packages, ...added }).sort(inOrder));
writeFileSync(lockPath, `${JSON.stringify(lock, null, 2)}\n`);
console.log(`package-lock.json: ${Object.keys(added).length} entries added`);
