// Everything that the console does with terminals, in a real browser against real ones: a new one is approved, settings go
// to one, to several and to a group and arrive, gates open, terminals restart and are reset, alarms are raised and seen to.
// Every page and dialog is looked at by axe in light and dark.

import assert from "node:assert/strict";
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before } from "node:test";
import { launch, openPage } from "./browser.mjs";
import { signIn } from "./signin.mjs";
import { photo, startStack } from "./stack.mjs";
import { assertAccessible, hasFailed, shots, step } from "./steps.mjs";
import { enrolTerminal } from "./terminal.mjs";

let stack, browser, page, yard;

const dialog = () => page.getByRole("dialog").last();
const button = (name, within = page) => within.getByRole("button", { name, exact: true });
const press = (name, within = page) => button(name, within).click();
const row = (name) => page.getByRole("row", { name });
const field = (label) => dialog().getByLabel(label, { exact: true });
const toast = (words) => page.getByRole("region", { name: "Notifications" }).getByText(words).first().waitFor();
const open = (address) => page.goto(stack.url + address);
const tab = (name) => page.getByRole("tab", { name, exact: true }).click();
const select = (...names) =>
    names.reduce((so_far, name) => so_far.then(() => page.getByRole("checkbox", { name: `Select ${name}` }).check()), Promise.resolve());

async function fromMenu(name, action) {
    await press(name);
    await page.getByRole("menuitem", { name: action, exact: true }).click();
}
const ofRow = (name, action) => fromMenu(`More actions for ${name}`, action);

async function choose(label, option) {
    await field(label).click();
    await page.locator(".ant-select-item-option").filter({ hasText: option }).last().click();
}

// Until what a terminal says of itself is so.
async function until(what, ask, holds, ms = 15000) {
    const end = Date.now() + ms;
    for (let last; ; last = await ask()) {
        if (last !== undefined && holds(last)) return last;
        if (Date.now() > end) throw new Error(`${what}: ${JSON.stringify(last)}`);
        await new Promise((wait) => setTimeout(wait, 100));
    }
}
const setting = (ask, name, value) => until(`${name} = ${value}`, async () => (await ask("status")).settings?.[name], (now) => now === value);
const lobby = (command) => stack.terminal("lobby", command);
const lab = (command) => stack.terminal("lab", command);

const isAccessible = (name) => assertAccessible(page, "devices", name);

const isSeen = (picture) => until("a picture", () => picture.evaluate(({ naturalWidth }) => naturalWidth), (width) => width > 0);

async function closeDialog() {
    await dialog().locator(".ant-drawer-close, .ant-modal-close").click();
    await page.getByRole("dialog").waitFor({ state: "detached" });
}

before(async () => {
    await mkdir(shots, { recursive: true });
    stack = await startStack();
    browser = await launch();
    page = await openPage(browser);
    page.setDefaultTimeout(15000);
    await signIn(page, stack.url);
});

after(async () => {
    if (hasFailed()) await page?.screenshot({ path: join(shots, "devices-failed.png") }).catch(() => {});
    await browser?.close();
    await yard?.stop();
    await stack?.stop();
    await stack?.remove();
});

step("the list says how the terminals are, and each figure shows those that it counts", async () => {
    await open("/devices");
    await row(/Lobby gate.*Online/).waitFor();
    await row(/Lab door.*Online/).waitFor();
    await page.getByRole("button", { name: /^2 Online$/ }).click();
    await page.waitForURL(/state=DEVICE_STATE_ONLINE/);
    await page.getByRole("button", { name: /^0 Offline$/ }).click();
    await page.getByText("No device matches the filter").waitFor();
    await press("Clear filters");
    await row(/Lobby gate/).waitFor();
    await page.getByRole("button", { name: /^2 Unsafe$/ }).click();
    await row(/Lobby gate.*risks/).waitFor();
    await isAccessible("list");
});

step("a new terminal waits, and its risks are seen before somebody accepts it", async () => {
    yard = await enrolTerminal(stack, { folder: "yard", name: "Yard gate", mac: "02:00:00:00:00:03" });
    await yard.start();
    await open("/devices?waiting=yes");
    await row(/Yard gate.*Waiting/).waitFor();
    assert.equal(await row(/Lobby gate/).count(), 0);
    await ofRow("Yard gate", "Approve");
    await dialog().getByText("The terminal's menu still opens with 123456.").waitFor();
    await dialog().getByText(/The gate stays open once it was opened/).waitFor();
    await isAccessible("approval");
    await press("Approve", dialog());
    await toast("Yard gate is approved.");
    await page.getByText("No device matches the filter").waitFor();
});

step("the enterprise decides whether terminals wait, and from when on something is alarming", async () => {
    await open("/devices?policy=open");
    await field("Offline for").fill("59");
    await press("Save", dialog());
    await dialog().getByText("From 60 to 86400.").last().waitFor();
    await field("Offline for").fill("60");
    await isAccessible("policy");
    await press("Save", dialog());
    await toast("The policy is saved.");
});

step("a form that was only opened sends nothing, and a value out of its range stays there", async () => {
    await open("/devices");
    await ofRow("Lobby gate", "Settings");
    await dialog().getByText("Once opened, the gate stays open until somebody closes it.").waitFor();
    assert.equal(await button("Save", dialog()).getAttribute("aria-disabled"), "true");
    await field("Volume").fill("101");
    await press("Save", dialog());
    await dialog().getByText("From 0 to 100 %, in steps of 1.").waitFor();
    await isAccessible("settings of one");
});

step("what was touched reaches the terminal, and the page sees it arrive", async () => {
    await field("Volume").fill("35");
    await press("Default: enter +0.3 °C", dialog());
    await choose("Relay", "1: low, high for a time, low");
    await field("New password").fill("4711");
    await press("Save", dialog());
    await toast("The settings are saved.");
    await dialog().getByText("The device has these settings.").waitFor();
    await setting(lobby, "volume", 35);
    await setting(lobby, "compensationTenths", 3);
    await setting(lobby, "password", "set");
    assert.equal((await lobby("status")).settings.alarmThresholdCenti, 3730);
    await closeDialog();
});

step("a change made at the terminal is there when the form opens", async () => {
    assert.deepEqual(await lobby("set silent true"), { done: true });
    await ofRow("Lobby gate", "Settings");
    await dialog().getByRole("switch", { name: "Silent", checked: true }).waitFor();
    await closeDialog();
});

step("several get one value, whatever each had: the form says where they differ, and asks", async () => {
    await select("Lobby gate", "Lab door", "Yard gate");
    await fromMenu("Settings", "Volume and silent mode");
    await dialog().getByText("What you change here overwrites the settings of 3 devices, whatever each had before.").waitFor();
    assert.equal(await field("Volume").inputValue(), "");
    assert.equal(await field("Volume").getAttribute("placeholder"), "differs");
    await field("Volume").fill("42");
    await isAccessible("settings of several");
    await press("Save on 3 devices", dialog());
    await dialog().getByText(/Volume: 42 %/).waitFor();
    await isAccessible("overwriting");
    await press("Overwrite", dialog());
    await page.getByText("All devices have these settings.").waitFor();
    for (const ask of [lobby, lab, yard.ask]) await setting(ask, "volume", 42);
    // Each keeps what was not touched.
    assert.equal((await lobby("status")).settings.silent, true);
    assert.equal((await lab("status")).settings.silent, false);
    await closeDialog();
});

step("a group gets its settings with the groups below it, and what a terminal refuses is said", async () => {
    await page.getByRole("button", { name: /^Whole group/ }).click();
    await page.getByRole("menuitem", { name: "All parameters" }).click();
    await field("Camera resolution").fill("800x600");
    await press("Save on 3 devices", dialog());
    await press("Overwrite", dialog());
    await dialog().getByRole("row", { name: /Lab door.*Camera resolution.*This terminal has no such thing/ }).waitFor();
    await isAccessible("refused settings");
    await closeDialog();
});

step("a terminal that is offline takes its settings when it returns", async () => {
    await yard.stop();
    await open("/devices");
    await row(/Yard gate.*Offline/).waitFor();
    await ofRow("Yard gate", "Settings");
    await field("Volume").fill("7");
    await press("Save", dialog());
    await dialog().getByText(/1 device is offline and takes them when it returns/).waitFor();
    await yard.start(); // and loads its face engine first
    await dialog().getByText("Every device has answered.").waitFor({ timeout: 60000 });
    await setting(yard.ask, "volume", 7);
    await closeDialog();
});

step("gates open and close; what became of it is said for each", async () => {
    await row(/Yard gate.*Online/).waitFor();
    await select("Lab door", "Yard gate");
    await press("Open gate");
    await dialog().getByText(/The gates of 2 devices stay open until somebody closes them/).waitFor();
    await isAccessible("asking to open");
    await press("Open gate", dialog());
    await dialog().getByText("2 done, 0 failed, 0 under way").waitFor();
    assert.equal((await yard.ask("status")).doorOpen, true);
    await isAccessible("opened");
    await press("Close gate", dialog());
    await until("the gate is shut", () => yard.ask("status"), ({ doorOpen }) => doorOpen === false);
    await closeDialog();
});

step("nothing is kept for later: who is offline is told nothing", async () => {
    await yard.stop();
    await row(/Yard gate.*Offline/).waitFor();
    await press("More actions for Yard gate");
    await page.getByRole("menuitem", { name: /Restart.*Commands are never kept for later/ }).waitFor();
    await page.keyboard.press("Escape");
    await open("/devices");
    await select("Yard gate", "Lobby gate");
    await press("Open gate");
    await dialog().getByText(/1 device is offline and will not do it/).waitFor();
    await press("Open gate", dialog());
    await dialog().getByText("1 done, 1 failed, 0 under way").waitFor();
    await dialog().getByText("The device is offline.").waitFor();
    await closeDialog();
    await yard.start();
    await row(/Yard gate.*Online/).waitFor();
});

step("a terminal restarts, and comes back by itself", async () => {
    await ofRow("Yard gate", "Restart");
    const { boots } = await yard.ask("status");
    await press("Restart", dialog());
    await dialog().getByText("1 done, 0 failed, 0 under way").waitFor();
    await closeDialog();
    await until("started again", () => yard.ask("status").catch(() => undefined), (now) => now.boots > boots, 30000);
});

step("a reset takes the name typed for a yes, and leaves factory settings", async () => {
    await row(/Yard gate.*Online/).waitFor();
    await ofRow("Yard gate", "Reset");
    assert.equal(await button("Reset", dialog()).isDisabled(), true);
    await field("Type Yard gate to confirm").fill("Lobby gate");
    await dialog().getByText("This is not the name.").waitFor();
    await field("Type Yard gate to confirm").fill("Yard gate");
    await isAccessible("reset");
    await press("Reset", dialog());
    await dialog().getByText("1 done, 0 failed, 0 under way").waitFor({ timeout: 30000 });
    await closeDialog();
    await until("factory volume", () => yard.ask("status").catch(() => undefined), (now) => now.settings.volume === 20, 30000);
});

step("the page of a terminal has its facts, its settings, what it was told and what it says", async () => {
    await open("/devices");
    await page.getByRole("link", { name: "Lobby gate", exact: true }).click();
    await page.getByRole("heading", { level: 1, name: "Lobby gate" }).waitFor();
    await page.getByText("DEMO-lobby").waitFor();
    await press("Edit name, place and group");
    await field("Name").fill("Front gate");
    await field("Place").fill("Ground floor, left");
    await isAccessible("edit");
    await press("Save", dialog());
    await page.getByRole("heading", { level: 1, name: "Front gate" }).waitFor();
    await page.getByText("Ground floor, left").waitFor();
    await isAccessible("overview");
    await until("the terminal's name", () => lobby("status"), ({ deviceName }) => deviceName === "Front gate");

    await tab("Settings");
    await page.getByText(/The device has these settings|Every device has answered/).waitFor();
    await isAccessible("settings tab");

    await tab("Operation");
    await row(/Open gate.*Done.*admin/).first().waitFor();
    await isAccessible("operation");

    await tab("Log");
    await row(/Connected/).first().waitFor();
    await isAccessible("log");
    assert.deepEqual(await lobby("set brightness 33"), { done: true });
    await row(/Setting changed.*brightness/i).first().waitFor();

    await tab("Alarms");
    await isAccessible("alarms of one");
});

step("what a terminal shows is seen, while somebody looks", async () => {
    const picture = page.getByRole("img", { name: "What the screen of Front gate shows" });
    const state = (words) => page.getByRole("tabpanel").getByText(words, { exact: true });
    const shown = () => picture.getAttribute("src");
    let asked = 0;
    page.on("request", (request) => (asked += /\/screen(\?|$)/.test(request.url())));

    await tab("Screen");
    await picture.waitFor({ timeout: 30000 });
    await state("Live").waitFor();
    assert.ok((await picture.evaluate(({ naturalWidth }) => naturalWidth)) > 100);
    await button("Restart").waitFor();
    await button("Shut down").waitFor();
    await isAccessible("screen");

    const home = await shown();
    await lobby(`see ${photo("person-01.jpg")}`);
    await until("another picture", shown, (now) => now !== home);

    await button("Pause").focus();
    await page.keyboard.press("Space");
    await state("Paused").waitFor();
    await isAccessible("screen paused");
    await page.keyboard.press("Space");
    await state("Live").waitFor();

    // Nobody looks at a page that is hidden.
    const hide = (state) =>
        page.evaluate((now) => {
            Object.defineProperty(document, "visibilityState", { value: now, configurable: true });
            document.dispatchEvent(new Event("visibilitychange"));
        }, state);
    await Promise.all([page.waitForResponse(/screen:leave$/), hide("hidden")]);
    asked = 0;
    await new Promise((wait) => setTimeout(wait, 2500));
    assert.equal(asked, 0);
    await hide("visible");
    await until("asking again", async () => asked, (now) => now > 1);
    await state("Live").waitFor();
});

step("a picture that is chosen for people is on the terminal's screen when they come", async () => {
    await open("/devices");
    await page.getByRole("link", { name: "Front gate", exact: true }).click();
    await tab("Pass display");
    await page.getByText("No pictures yet").waitFor();
    await isAccessible("no pass display");
    await press("Add picture");
    await press("Save", dialog());
    await dialog().getByText("Choose a picture.", { exact: true }).waitFor();
    await dialog().getByText("Choose people, strangers, or both.", { exact: true }).waitFor();
    const input = dialog().locator("input[type=file]");
    await input.setInputFiles({ name: "notes.txt", mimeType: "text/plain", buffer: Buffer.from("hello") });
    await dialog().getByText("This is neither a JPEG nor a PNG picture.").waitFor();
    await input.setInputFiles({ name: "broken.jpg", mimeType: "image/jpeg", buffer: (await readFile(photo("person-04.jpg"))).subarray(0, 5000) });
    await field("Show it to strangers").check();
    await press("Save", dialog());
    await dialog().getByText("The picture is damaged.").waitFor();
    await input.setInputFiles(photo("person-04.jpg"));
    await dialog().getByRole("img", { name: "The chosen picture" }).waitFor();
    await isAccessible("adding a picture");
    await press("Save", dialog());
    await toast("The picture is saved.");
    await row(/Strangers.*5 s.*There/).waitFor();

    // Its people by name; strangers see it no more.
    await fromMenu("More actions for Picture for Strangers", "Edit");
    await isSeen(dialog().getByRole("img", { name: "The present picture" }));
    await field("People").fill("a");
    const first = page.locator(".ant-select-item-option").first();
    const name = (await first.locator(".display-option").evaluate((option) => option.firstChild.textContent)).trim();
    await first.click();
    await page.keyboard.press("Escape");
    await field("Seconds").fill("61");
    await press("Save", dialog());
    await dialog().getByText("From 1 to 60.").waitFor();
    await field("Seconds").fill("9");
    await isAccessible("editing a picture");
    await press("Save", dialog());
    await row(new RegExp(`Strangers, ${name}.*9 s.*There`)).waitFor();
    await isSeen(page.getByRole("img", { name: `Picture for Strangers, ${name}` }));
    await isAccessible("pass display");

    // Off it shows nothing, on it does.
    await page.getByText("It is off: the terminal keeps the pictures and shows none.").waitFor();
    await page.getByRole("switch", { name: "Show pictures at a pass" }).click();
    await toast("The terminal shows its pictures.");
    await setting(lobby, "passDisplay", true);
    await lobby(`see ${photo("stranger-01.jpg")} --temp 36.6`);
    await until("a picture on its screen", () => lobby("status"), ({ display }) => display !== undefined && display !== "0");

    await fromMenu(`More actions for Picture for Strangers, ${name}`, "Delete");
    await isAccessible("deleting a picture");
    await press("Delete", dialog());
    await toast("The picture is deleted.");
    await page.getByText("No pictures yet").waitFor();
    await until("no picture on its screen", () => lobby("status"), ({ display }) => display === "0");
});

step("a terminal that stays away is an alarm, until somebody has seen to it", async () => {
    await yard.stop();
    await open("/alarms");
    await row(/Device offline.*Yard gate/).waitFor({ timeout: 120000 });
    await page.getByRole("link", { name: /^Alarms: / }).waitFor();
    await isAccessible("alarms");
    await press("Acknowledge Device offline of Yard gate");
    await toast("1 alarm is acknowledged.");
    await row(/Device offline.*Yard gate.*goes on.*admin/).waitFor();
});

step("of the chosen those are deleted that are offline, and it is said of each", async () => {
    await open("/devices");
    await select("Yard gate", "Lab door");
    await press("Delete");
    await dialog().getByText(/1 of them is online and stays/).waitFor();
    await isAccessible("delete");
    await press("Delete", dialog());
    await dialog().getByText("The device is online.").waitFor();
    await isAccessible("deleted");
    await press("Close", dialog().locator(".ant-modal-footer"));
    await row(/Yard gate/).waitFor({ state: "detached" });
    await row(/Lab door/).waitFor();
});

step("on a phone, and in Chinese", async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    await page.getByRole("button", { name: "中文" }).click().catch(() => {});
    await page.setViewportSize({ width: 1440, height: 900 });
    if (await page.getByRole("button", { name: "中文" }).count()) await press("中文");
    await page.getByRole("heading", { level: 1, name: "设备" }).waitFor();
    await isAccessible("chinese list");
    await page.setViewportSize({ width: 390, height: 844 });
    await page.getByRole("list", { name: "设备" }).getByText("Lab door").waitFor();
    await isAccessible("phone");
});

step("no page threw an error or broke its own policy", () => {
    assert.deepEqual(page.faults, []);
});
