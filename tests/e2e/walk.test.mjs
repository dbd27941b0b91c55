// What a newcomer does, from the first login to the pass in the list, in a real browser against the whole product.

import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { after, before } from "node:test";
import { axeViolations, launch, openPage } from "./browser.mjs";
import { choosePassword, enterFirstPassword, FIRST_PASSWORD } from "./signin.mjs";
import { photo, startStack } from "./stack.mjs";
import { hasFailed, shots, step } from "./steps.mjs";

let stack, browser, page;

const shot = (name) => page.screenshot({ path: join(shots, `${name}.png`) });
const field = (label) => page.getByLabel(label, { exact: true });
const press = (name) => page.getByRole("button", { name, exact: true }).click();
const menu = (name) => page.getByRole("navigation").getByRole("link", { name, exact: true }).click();
const tile = (name) => page.locator("[data-pass-id]").filter({ hasText: name }).first();

async function isAccessible(name) {
    assert.deepEqual(await axeViolations(page), [], name);
}

before(async () => {
    await mkdir(shots, { recursive: true });
    stack = await startStack();
    browser = await launch();
    page = await openPage(browser);
    page.setDefaultTimeout(20000);
});

after(async () => {
    if (hasFailed()) await shot("failed").catch(() => {});
    await browser?.close();
    await stack?.stop();
    await stack?.remove();
});

step("the first login can do nothing but change its password", async () => {
    await page.goto(stack.url);
    await enterFirstPassword(page);
    await shot("01-login");
    await isAccessible("login");
    await press("Sign in");
    await page.getByRole("heading", { name: "Choose a new password" }).waitFor();

    await page.goto(`${stack.url}/employees`);
    await page.getByRole("heading", { name: "Choose a new password" }).waitFor();
    const refused = await page.evaluate(() => fetch("/v1/employees").then((answer) => answer.status));
    assert.equal(refused, 403);
});

step("a good password opens the page that was asked for", async () => {
    await field("Current password").fill(FIRST_PASSWORD);
    await choosePassword(page);
    await shot("02-change-password");
    await press("Change password");
    await page.getByRole("heading", { name: "Employees", level: 1 }).waitFor();
    await menu("Console");
    await page.getByText("Live", { exact: true }).waitFor();
    await shot("03-console");
    await isAccessible("console");
});

step("a picture that shows no face, or two, is refused with the reason at the field", async () => {
    await menu("Employees");
    await page.getByRole("button", { name: "Add employee" }).first().click();
    const input = page.locator("input[type=file]");
    await input.setInputFiles(photo("nobody.jpg"));
    await page.getByText("There is no face in this picture.").waitFor();
    await input.setInputFiles(photo("two-faces.jpg"));
    await page.getByText("There is more than one face in this picture.").waitFor();
    await shot("04-photo-refused");
});

step("an employee is created with a photo", async () => {
    await page.locator("input[type=file]").setInputFiles(photo("person-07.jpg"));
    await page.getByText("The photo is usable.").waitFor();
    await field("Name").fill("Gita Raman");
    await field("Number").fill("0700");
    await shot("05-employee-form");
    await isAccessible("employee form");
    await page.getByRole("dialog").getByRole("button", { name: "Add employee" }).click();
    await page.getByRole("row", { name: /Gita Raman/ }).waitFor();
    await shot("06-employees");
    await isAccessible("employees");
});

step("a grant reaches the terminal, and the page shows it arrive", async () => {
    await page.getByRole("row", { name: /Gita Raman/ }).getByRole("checkbox").check();
    await press("Grant pass");
    const wizard = page.getByRole("dialog");
    await wizard.getByRole("row", { name: /Lobby gate/ }).getByRole("checkbox").check();
    await wizard.getByRole("button", { name: "Next" }).click();
    await shot("07-grant-validity");
    await wizard.getByRole("button", { name: /^Grant on 1 device/ }).click();
    await wizard.getByText("1 ok, 0 failed, 0 left").waitFor();
    await shot("08-grant-progress");
    await isAccessible("grant progress");
    await page.keyboard.press("Escape");
});

step("a person who stands before the camera passes, and the console shows it live", async () => {
    await menu("Console");
    await page.getByText("Live", { exact: true }).waitFor();
    const decision = await stack.terminal("lobby", `see ${photo("person-07-visit.jpg")} --temp 36.6`);
    assert.equal(decision.result, "ALLOWED");
    await tile("Gita Raman").waitFor();
    await tile("Gita Raman").getByText("36.6 °C", { exact: true }).waitFor();
    await tile("Gita Raman").getByText("Lobby gate").waitFor();
});

step("the picture of the pass follows", async () => {
    const picture = tile("Gita Raman").getByAltText("Picture taken of Gita Raman");
    await picture.waitFor();
    assert.ok(await picture.evaluate((image) => image.complete && image.naturalWidth > 0 && image.src.endsWith("/snapshot")));
});

step("whoever is not granted, too hot or unknown stays outside", async () => {
    const hot = await stack.terminal("lobby", `see ${photo("person-07-visit.jpg")} --temp 38.2`);
    assert.equal(hot.result, "DENIED");
    const stranger = await stack.terminal("lobby", `see ${photo("stranger-01.jpg")} --temp 36.4`);
    assert.equal(stranger.result, "DENIED");
    const elsewhere = await stack.terminal("lab", `see ${photo("person-07-visit.jpg")} --temp 36.4`);
    assert.equal(elsewhere.result, "DENIED");
    await tile("38.2").waitFor();
    await tile("Stranger").waitFor();
    await shot("09-console-live");
    await isAccessible("live console");
});

step("pass records lists them, filtered by the address", async () => {
    await menu("Pass records");
    await page.getByRole("row", { name: /Gita Raman/ }).first().waitFor();
    await shot("10-pass-records");
    await isAccessible("pass records");
    await page.goto(`${stack.url}/passes?kind=PERSON_KIND_STRANGER`);
    await page.getByRole("row", { name: /Stranger/ }).first().waitFor();
    assert.equal(await page.getByRole("row", { name: /Gita Raman/ }).count(), 0);
    await page.goto(`${stack.url}/passes?q=0700`);
    await page.getByRole("row", { name: /Gita Raman/ }).first().waitFor();
    assert.equal(await page.getByRole("row", { name: /Stranger/ }).count(), 0);
});

step("devices are online, and grants are on them", async () => {
    await menu("Devices");
    await page.getByRole("row", { name: /Lobby gate.*Online/ }).waitFor();
    await page.getByRole("row", { name: /Lab door.*Online/ }).waitFor();
    await shot("11-devices");
    await isAccessible("devices");
    await menu("Grants");
    await page.getByRole("row", { name: /Gita Raman.*On device/ }).waitFor();
    await shot("12-grants");
    await isAccessible("grants");
});

// What Swagger UI itself gets wrong; nothing may be added to it.
const SWAGGER_FAULTS = [
    "heading-order",
    "label",
    "landmark-unique",
    "nested-interactive",
    "region",
    "scrollable-region-focusable",
    "select-name",
];

// Swagger UI paints a long document only where one looks.
async function bringNear(docs, block) {
    await docs.locator(".opblock").first().waitFor();
    await docs.evaluate(() => window.scrollTo(0, 0));
    for (let screens = 0; screens < 100 && (await block.count()) === 0; screens++) {
        await docs.evaluate(() => window.scrollBy(0, window.innerHeight));
        await docs.waitForTimeout(100);
    }
}

step("the API's documentation is in the account's menu, and its calls go with the session", async () => {
    await press("Account of admin");
    const [opened] = await Promise.all([
        page.context().waitForEvent("page"),
        page.getByRole("menuitem", { name: "API documentation" }).click(),
    ]);
    await opened.waitForURL(`${stack.url}/docs`);
    await opened.close();

    for (const colorScheme of ["light", "dark"]) {
        const storageState = await page.context().storageState();
        storageState.origins = []; // the browser's colours, not the console's
        const docs = await openPage(browser, { colorScheme, storageState });
        await docs.goto(`${stack.url}/docs`);
        const execute = async (operation, body) => {
            const block = docs.locator(`[id$="${operation}"]`);
            await bringNear(docs, block);
            await block.locator(".opblock-summary-control").click();
            await block.getByRole("button", { name: "Try it out" }).click();
            if (body) await block.locator("textarea").first().fill(body);
            await block.getByRole("button", { name: "Execute" }).click();
            return block.locator(".live-responses-table tbody").first().innerText();
        };
        assert.match(await execute("DevicesService_ListDevices"), /^200[^]*Lobby gate/);
        // Refused for what it says, not for where it comes from.
        assert.match(await execute("PeopleService_CreateEmployee", "{}"), /^400[^]*FIELD_REQUIRED/);
        await docs.screenshot({ path: join(shots, `14-api-${colorScheme}.png`) });
        const faults = (await axeViolations(docs)).filter(([rule]) => !SWAGGER_FAULTS.includes(rule));
        assert.deepEqual([faults, docs.faults], [[], []], colorScheme);
        await docs.context().close();
    }
});

step("the console speaks Chinese and works in the dark", async () => {
    await page.getByRole("button", { name: "中文" }).click();
    await page.getByRole("heading", { level: 1 }).filter({ hasNotText: "Grants" }).waitFor();
    await page.goto(stack.url);
    await page.locator("[data-pass-id]").first().waitFor();
    await page.getByRole("banner").getByRole("button", { name: /深|暗/ }).click();
    await shot("13-console-dark-zh");
    await isAccessible("dark console in Chinese");
});

step("everything is there after a second start", async () => {
    await stack.stop();
    await stack.start();
    await page.goto(stack.url);
    await page.locator("[data-pass-id]").filter({ hasText: "Gita Raman" }).first().waitFor();
    const decision = await stack.terminal("lobby", `see ${photo("person-07-visit.jpg")} --temp 36.5`);
    assert.equal(decision.result, "ALLOWED");
    await tile("36.5").waitFor();
});

step("no page threw an error or broke its own policy", () => {
    assert.deepEqual(page.faults, []);
});
