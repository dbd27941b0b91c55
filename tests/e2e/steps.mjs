// What every story in a browser has: steps that build on each other, and pages that axe looks at in light and dark.

import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { axeViolations } from "./browser.mjs";
import { build } from "./stack.mjs";

export const shots = join(build, "screenshots");

let failed;

/** After one that failed the others would only wait in vain. */
export function step(name, run) {
    test(name, async (t) => {
        if (failed) return t.skip(`after: ${failed}`);
        failed = name;
        await run();
        failed = undefined;
    });
}

/** Whether one did; for what is to be seen of it when all is over. */
export const hasFailed = () => failed !== undefined;

/** By the header's own switch, also while a dialog covers it. */
async function useColours(page, scheme) {
    await page.evaluate((wanted) => {
        if (document.documentElement.dataset.scheme === wanted) return;
        document.querySelector(".header .switches button:last-child").click();
    }, scheme);
    await page.waitForFunction((wanted) => document.documentElement.dataset.scheme === wanted, scheme);
    // A colour on its way to another is neither.
    await page.evaluate(async () => {
        await new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(painted)));
        const ending = document.getAnimations().filter(({ effect }) => effect.getTiming().iterations !== Infinity);
        return Promise.allSettled(ending.map(({ finished }) => finished)).then(() => undefined);
    });
}

/** Leaves screenshots, too. The page ends up light. */
export async function assertAccessible(page, story, name) {
    const file = name.replace(/[^a-z]+/gi, "-").toLowerCase();
    for (const scheme of ["dark", "light"]) {
        await useColours(page, scheme);
        await page.screenshot({ path: join(shots, `${story}-${file}-${scheme}.png`) });
        assert.deepEqual(await axeViolations(page), [], `${name}, ${scheme}`);
    }
}
