// Debian's Chromium, driven by playwright-core; and axe, which looks for what somebody could not perceive or reach.

import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./stack.mjs";

const require = createRequire(join(root, "web/package.json"));
const { chromium } = require("playwright-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

export const launch = () =>
    chromium.launch({
        executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
        args: [
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
        ],
    });

// A page whose errors and policy violations fail the test that looks at page.faults.
export async function openPage(browser, options) {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: "en", ...options });
    const page = await context.newPage();
    page.faults = [];
    page.on("pageerror", (error) => page.faults.push(String(error)));
    page.on("console", (message) => {
        if (message.type() === "error" && !/Failed to load resource/.test(message.text())) page.faults.push(message.text());
    });
    return page;
}

// Rules that axe finds broken, with the elements that break them. Runs in the page's isolated world, as policy demands.
export async function axeViolations(page) {
    // A colour that is on its way is none to judge.
    await page.waitForFunction(() =>
        document.getAnimations().every((one) => one.effect.getComputedTiming().endTime === Number.POSITIVE_INFINITY),
    );
    const session = await page.context().newCDPSession(page);
    const { frameTree } = await session.send("Page.getFrameTree");
    const { executionContextId } = await session.send("Page.createIsolatedWorld", { frameId: frameTree.frame.id });
    await session.send("Runtime.evaluate", { expression: axe, contextId: executionContextId });
    const { result } = await session.send("Runtime.evaluate", {
        expression: `axe.run().then((r) => JSON.stringify(r.violations.map((v) => [v.id, v.nodes.map((n) => n.html.slice(0, 160))])))`,
        contextId: executionContextId,
        awaitPromise: true,
        returnByValue: true,
    });
    await session.detach();
    return JSON.parse(result.value);
}
