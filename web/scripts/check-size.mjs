// Holds the console to its budget: what a browser loads (JavaScript and style sheets, compressed) for the shell alone
// and for each page.
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const KB = 1000;
const SHELL_MOST = 240 * KB;
const PAGE_MOST = 380 * KB;

const dist = join(dirname(dirname(fileURLToPath(import.meta.url))), "dist");
const manifest = JSON.parse(readFileSync(join(dist, ".vite", "manifest.json"), "utf8"));

/** Every file that comes with an entry: its own, and those of what it imports statically. */
function filesOf(key, files = new Set()) {
    const chunk = manifest[key];
    if (files.has(chunk.file)) return files;
    files.add(chunk.file);
    for (const file of chunk.css ?? []) files.add(file);
    for (const imported of chunk.imports ?? []) filesOf(imported, files);
    return files;
}

const sizes = new Map();
function sizeOf(file) {
    if (!sizes.has(file)) sizes.set(file, gzipSync(readFileSync(join(dist, file)), { level: 9 }).length);
    return sizes.get(file);
}
const sum = (files) => [...files].reduce((bytes, file) => bytes + sizeOf(file), 0);

const [entry] = Object.keys(manifest).filter((key) => manifest[key].isEntry);
// A page whose file holds what others import from it, too, goes by its file's name instead of its source's.
const ours = (key) => /^(src\/|_[A-Z]|_pages)/.test(key);
const pages = Object.keys(manifest).filter((key) => manifest[key].isDynamicEntry && ours(key));
const shell = filesOf(entry);

let failed = false;
function report(name, bytes, most) {
    const over = bytes > most;
    failed ||= over;
    console.log(`${over ? "OVER" : "ok  "} ${(bytes / KB).toFixed(1).padStart(6)} KB of ${most / KB}  ${name}`);
}

report("the shell", sum(shell), SHELL_MOST);
for (const page of pages) report(page, sum(filesOf(page, new Set(shell))), PAGE_MOST);
process.exit(failed ? 1 : 0);
