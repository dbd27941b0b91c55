// The whole product, started as a newcomer starts it: scripts/run on a build and a data folder of the test's own.

import { spawn } from "node:child_process";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { connect, createServer } from "node:net";
import { createInterface } from "node:readline";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../..", import.meta.url));
export const build = resolve(root, process.env.SMARTPASS_BUILD ?? "build-test");
export const photo = (name) => join(build, "share/photos", name);

// A port of the range that nobody listens on at the moment.
async function freePort(from, to) {
    for (;;) {
        const port = from + Math.floor(Math.random() * (to - from));
        const free = await new Promise((resolve) => {
            const probe = createServer();
            probe.once("error", () => resolve(false));
            probe.listen(port, "::", () => probe.close(() => resolve(true)));
        });
        if (free) return port;
    }
}

export async function startStack() {
    const data = await mkdtemp("/var/tmp/smartpass-e2e-");
    await chmod(data, 0o755); // the database's user must pass through
    const webPort = await freePort(9001, 9999);
    const port = await freePort(7000, 7999);
    const databasePort = 3000 + Math.floor(Math.random() * 999);
    const stack = { data, webPort, port, url: `http://localhost:${webPort}` };

    stack.start = async () => {
        stack.process = spawn(
            join(root, "scripts/run"),
            ["--build", build, "--data", data, "--web-port", webPort, "--port", port, "--database-port", databasePort].map(String),
            { cwd: root, stdio: ["ignore", "pipe", "inherit"] },
        );
        for await (const line of createInterface({ input: stack.process.stdout })) {
            if (line.includes("Ctrl-C stops everything")) break;
        }
        stack.process.stdout.resume();
        if (stack.process.exitCode !== null) throw new Error("scripts/run did not come up");
    };
    // As Ctrl-C does; resolves with the exit code.
    stack.stop = () =>
        new Promise((resolve) => {
            if (stack.process.exitCode !== null) return resolve(stack.process.exitCode);
            stack.process.once("exit", resolve);
            stack.process.kill("SIGINT");
        });
    stack.remove = () => rm(data, { recursive: true, force: true });
    // One command on a terminal's control socket; resolves with its answer.
    stack.terminal = (name, command) =>
        new Promise((resolve, reject) => {
            const control = connect(join(data, "demo/terminals", name, "control"));
            control.once("error", reject);
            control.write(`${command}\n`);
            createInterface({ input: control }).once("line", (line) => {
                control.end();
                resolve(JSON.parse(line));
            });
        });

    await stack.start();
    return stack;
}
