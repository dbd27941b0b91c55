// Packages of the terminals' software in a real browser: signed by smartpassctl, uploaded, brought to terminals, deleted.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before } from "node:test";
import { promisify } from "node:util";
import { launch, openPage } from "./browser.mjs";
import { signIn } from "./signin.mjs";
import { build, startStack } from "./stack.mjs";
import { assertAccessible, hasFailed, shots, step } from "./steps.mjs";
import { enrolTerminal } from "./terminal.mjs";

const run = promisify(execFile);
let stack, browser, page;

const dialog = () => page.getByRole("dialog").last();
const press = (name, within = page) => within.getByRole("button", { name, exact: true }).click();
const row = (name) => page.getByRole("row", { name });
const toast = (words) => page.getByRole("region", { name: "Notifications" }).getByText(words).first().waitFor();
const open = (address) => page.goto(stack.url + address);

async function ofRow(name, action) {
    await press(`More actions for ${name}`);
    await page.getByRole("menuitem", { name: action }).click();
}

async function choosePackage(words) {
    await dialog().getByRole("combobox", { name: "Package" }).click();
    await page.locator(".ant-select-item-option").filter({ hasText: words }).last().click();
}

async function closeDialog() {
    await dialog().locator(".ant-drawer-close, .ant-modal-close").click();
    await page.getByRole("dialog").waitFor({ state: "detached" });
}

const isAccessible = (name) => assertAccessible(page, "packages", name);

const ctl = (...words) => run(join(build, "bin/smartpassctl"), words);
const file = (name) => join(stack.data, "own", name);

async function signPackage(version, model) {
    const words = ["--package-version", version, "--model", model, "--notes", `What is new in ${version}`, "--out", file(version)];
    await ctl("package", "sign", "--key", file("key"), "--program", file("program"), ...words);
}

before(async () => {
    await mkdir(shots, { recursive: true });
    stack = await startStack();
    await mkdir(file(""), { recursive: true });
    await mkdir(join(stack.data, "package-keys"), { recursive: true });
    await ctl("package", "keygen", "--key", file("key"), "--public-key", join(stack.data, "package-keys/release.pem"));
    await writeFile(file("program"), "a program".repeat(50000));
    await writeFile(file("text"), "no package");
    await signPackage("2.0.0", "");
    await signPackage("2.1.0", "Another model");
    browser = await launch();
    page = await openPage(browser);
    page.setDefaultTimeout(15000);
    await signIn(page, stack.url);
});

after(async () => {
    if (hasFailed()) await page?.screenshot({ path: join(shots, "packages-failed.png") }).catch(() => {});
    await browser?.close();
    await stack?.stop();
    await stack?.remove();
});

step("a file that is no package is refused, and says why", async () => {
    await open("/packages");
    await page.getByText("There are no packages yet").waitFor();
    await page.getByRole("button", { name: "Upload package" }).first().click();
    await dialog().locator("input[type=file]").setInputFiles(file("text"));
    await dialog().getByText("This file is no package of Smart Pass.").waitFor();
    await isAccessible("refused upload");
});

step("signed packages are listed with their version, model and key", async () => {
    for (const version of ["2.0.0", "2.1.0"]) {
        if (version === "2.1.0") await page.getByRole("button", { name: "Upload package" }).first().click();
        await dialog().locator("input[type=file]").setInputFiles(file(version));
        await toast(`Version ${version} is uploaded.`);
    }
    await row(/2\.0\.0.*any model.*What is new in 2\.0\.0.*release.*Not in use/).waitFor();
    await row(/2\.1\.0.*Another model/).waitFor();
    await isAccessible("list");
});

step("whom a package does not fit is passed over, and the upgrade is done", async () => {
    await ofRow("2.1.0", "Upgrade devices");
    await dialog().getByRole("combobox", { name: /All devices of the group/ }).click();
    await page.locator(".ant-select-item-option").first().click();
    await dialog().getByText("2 devices in all.").waitFor();
    await dialog().getByLabel("Stages").fill("50, 20");
    await press("Start upgrade", dialog());
    await dialog().getByText(/Rising percentages/).waitFor();
    await isAccessible("form");
    await dialog().getByLabel("Stages").fill("50, 100");
    await press("Start upgrade", dialog());
    await toast("The upgrade to 2.1.0 has begun.");
    await dialog().getByText(/2 skipped/).waitFor();
    await dialog().getByRole("row", { name: /Lab door.*Skipped/ }).waitFor();
    await dialog().getByText("Done", { exact: true }).first().waitFor();
    await isAccessible("skipped");
    await closeDialog();
    await row(/2\.1\.0.*Done/).waitFor();
});

step("a terminal that is offline takes its package when it returns, unless the upgrade is cancelled", async () => {
    await enrolTerminal(stack, { folder: "yard", name: "Yard gate", mac: "02:00:00:00:00:03" });
    await open("/devices?waiting=yes");
    await ofRow("Yard gate", "Approve");
    await press("Approve", dialog());
    await toast("Yard gate is approved.");
    await open("/devices");
    await page.getByRole("checkbox", { name: "Select Yard gate" }).check();
    await press("Upgrade");
    await dialog().getByText("1 device that was chosen in the list").waitFor();
    await choosePackage("2.0.0");
    await press("Start upgrade", dialog());
    await dialog().getByRole("row", { name: /Yard gate.*Waiting/ }).waitFor();
    await isAccessible("waiting");
    await closeDialog();
    await open("/packages");
    await row(/2\.0\.0.*In use/).waitFor();
    await press("More actions for 2.0.0");
    await page.getByRole("menuitem", { name: /Delete.*An upgrade that has not ended needs it/ }).waitFor();
    await page.keyboard.press("Escape");
    await open("/rollouts");
    await row(/2\.0\.0.*Running/).waitFor();
    await isAccessible("upgrades");
    await page.getByRole("button", { name: "2.0.0", exact: true }).click();
    await press("Cancel upgrade", dialog());
    await press("Cancel upgrade", page.getByRole("dialog", { name: /^Cancel the upgrade to/ }));
    await toast("The upgrade is cancelled.");
    await dialog().getByText("Cancelled", { exact: true }).first().waitFor();
});

step("a package that nothing needs any more can be deleted", async () => {
    await open("/packages");
    await ofRow("2.0.0", "Delete");
    await isAccessible("delete");
    await press("Delete", dialog());
    await toast("Version 2.0.0 is deleted.");
    await row(/2\.0\.0/).waitFor({ state: "detached" });
});

step("no page threw an error or broke its own policy", () => {
    assert.deepEqual(page.faults, []);
});
