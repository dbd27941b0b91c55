// A terminal of the test's own beside the two of scripts/run: enrolled, started and stopped as the test likes.

import { execFile, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { build } from "./stack.mjs";

const agent = join(build, "bin/smartpass-agent");
const run = promisify(execFile);

// Enrols with the demo's account; the terminal is not running yet.
export async function enrolTerminal(stack, { folder, name, mac }) {
    const data = join(stack.data, "own", folder);
    const password = join(stack.data, "demo/password");
    await mkdir(data, { recursive: true });
    await run(agent, [
        "enrol",
        ...["--server", `localhost:${stack.port}`, "--username", "demo", "--password-file", password],
        ...["--serial", `OWN-${folder}`, "--name", name, "--mac", mac, "--data", data],
    ]);
    const terminal = { data, process: undefined };

    terminal.start = async () => {
        terminal.process = spawn(agent, ["sim", "--data", data, "--weights", join(build, "share/face.weights")], {
            stdio: "ignore",
        });
        const until = Date.now() + 20000;
        while (!existsSync(join(data, "control"))) {
            if (Date.now() > until) throw new Error(`${folder} did not start`);
            await new Promise((wait) => setTimeout(wait, 50));
        }
    };
    // Resolves with the exit status.
    terminal.ended = () =>
        new Promise((resolve) => {
            if (terminal.process.exitCode !== null) return resolve(terminal.process.exitCode);
            terminal.process.once("exit", resolve);
        });
    terminal.stop = async () => {
        if (!terminal.process || terminal.process.exitCode !== null) return;
        terminal.process.kill("SIGTERM");
        await terminal.ended();
    };
    terminal.ask = (command) => askControl(join(data, "control"), command);
    return terminal;
}

// One command on a terminal's control socket; resolves with its answer.
function askControl(socket, command) {
    return new Promise((resolve, reject) => {
        const control = connect(socket);
        control.once("error", reject);
        control.write(`${command}\n`);
        createInterface({ input: control }).once("line", (line) => {
            control.end();
            resolve(JSON.parse(line));
        });
    });
}
