// Who may see and do what, in a real browser: an enterprise is made, its administrator makes groups, a role and a user,
// and that user sees only what is his. Every page is looked at by axe in light and dark.

import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { after, before } from "node:test";
import { launch, openPage } from "./browser.mjs";
import { signIn } from "./signin.mjs";
import { startStack } from "./stack.mjs";
import { assertAccessible, hasFailed, shots, step } from "./steps.mjs";

const OWN_PASSWORD = "nobody guesses this one";
let stack, browser, page;
const pages = [];

// What the rail of the user shows: those entries behind which the role lets him do something.
const expectedRail = ["Employees", "Users", "Roles"];

const dialog = () => page.getByRole("dialog").last();
const field = (label) => page.getByLabel(label, { exact: true });
const press = (name, within = page) => within.getByRole("button", { name, exact: true }).click();
const row = (name) => page.getByRole("row", { name });
const toast = (words) => page.getByRole("region", { name: "Notifications" }).getByText(words).first().waitFor();
const rail = () => page.getByRole("navigation", { name: "Menu" });
const open = async (entry) => {
    await rail().getByRole("link", { name: entry, exact: true }).click();
    await page.getByRole("heading", { level: 1, name: entry }).waitFor();
};
const treeitem = (name) => page.getByRole("treeitem", { name, exact: true });

async function fromMenu(name, action) {
    await press(`More actions for ${name}`);
    await page.getByRole("menuitem", { name: action }).click();
}

async function choose(label, option) {
    await dialog().getByRole("combobox", { name: label }).fill(option);
    await page.locator(".ant-select-item-option").filter({ hasText: option }).first().click();
}

// The one-time password, from the dialog that shows it once.
async function takePassword() {
    const shown = page.getByRole("dialog", { name: /^First password of/ });
    const password = await shown.locator("code").innerText();
    await isAccessible("one-time password");
    await press("I have passed it on", shown);
    await shown.waitFor({ state: "hidden" });
    return password;
}

const isAccessible = (name) => assertAccessible(page, "org", name);

// A browser of somebody's own, with the first password changed.
async function enter(username, password, firstPage = "Console") {
    page = await openPage(browser);
    page.setDefaultTimeout(15000);
    pages.push(page);
    await page.goto(stack.url);
    await field("User name").fill(username);
    await field("Password").fill(password);
    await press("Sign in");
    await page.getByRole("heading", { name: "Choose a new password" }).waitFor();
    await field("New password").fill(OWN_PASSWORD);
    await field("New password again").fill(OWN_PASSWORD);
    await press("Change password");
    await page.getByRole("heading", { level: 1, name: firstPage }).waitFor();
}

before(async () => {
    await mkdir(shots, { recursive: true });
    stack = await startStack();
    browser = await launch();
});

after(async () => {
    if (hasFailed()) await page?.screenshot({ path: join(shots, "org-failed.png") }).catch(() => {});
    await browser?.close();
    await stack?.stop();
    await stack?.remove();
});

let administratorPassword, userPassword;

step("the super administrator makes an enterprise and gets its administrator's password once", async () => {
    page = await openPage(browser);
    page.setDefaultTimeout(15000);
    pages.push(page);
    await signIn(page, stack.url);
    await open("Enterprises");
    await row(/Yours/).waitFor();
    await isAccessible("enterprises");
    await press("Add enterprise");
    await press("Add enterprise", dialog());
    await dialog().getByText("Fill this in.").first().waitFor();
    await field("Name").fill("Tower & Sons <b>GmbH</b>");
    await choose("Time zone", "Europe/Berlin");
    await field("User name").fill("admin");
    await press("Add enterprise", dialog());
    await dialog().getByText("Somebody in this installation has this user name already.").waitFor();
    await isAccessible("enterprise form");
    await field("User name").fill("tower");
    await press("Add enterprise", dialog());
    administratorPassword = await takePassword();
    await row(/Tower & Sons <b>GmbH<\/b> tower 1 0 0 Europe\/Berlin/).waitFor();
});

step("its administrator signs in with that password, and sees an enterprise of his own", async () => {
    await enter("tower", administratorPassword);
    await page.getByRole("banner").getByText("Tower & Sons <b>GmbH</b>").waitFor();
    assert.equal(await rail().getByRole("link", { name: "Enterprises" }).count(), 0);
    await page.goto(`${stack.url}/enterprises`);
    await page.getByRole("alert").filter({ hasText: "This could not be loaded" }).waitFor();
});

step("he builds the tree of groups", async () => {
    await open("Groups");
    for (const [parent, name] of [
        [undefined, "North"],
        [undefined, "South"],
        ["North", "Workshop"],
    ]) {
        if (parent) await treeitem(parent).click();
        else await page.getByRole("treeitem").first().click();
        await page.getByRole("button", { name: /^Add group below/ }).click();
        await field("Name").fill(name);
        await press("Add group", dialog());
        await treeitem(name).waitFor();
        await toast(`${name} is added.`);
    }
    await treeitem("North").click();
    await page.getByRole("button", { name: /^Add group below/ }).click();
    await field("Name").fill("Workshop");
    await press("Add group", dialog());
    await dialog().getByText("There is one of this name already.").waitFor();
    await isAccessible("group dialog");
    await press("Cancel", dialog());
});

step("groups move by drag, by dialog and never in a circle, and the keyboard does all of it", async () => {
    await treeitem("Workshop").dragTo(treeitem("South"));
    await dialog().getByText("Move Workshop").waitFor();
    await isAccessible("move dialog");
    await press("Move", dialog());
    await toast("Workshop is below South now.");
    await page.getByRole("treeitem").last().filter({ hasText: "Workshop" }).waitFor();
    assert.equal(await treeitem("Workshop").getAttribute("aria-level"), "3");

    await treeitem("North").focus();
    await page.keyboard.press("Home");
    await page.keyboard.press("End");
    assert.equal(await page.evaluate(() => document.activeElement.textContent), "Workshop");
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("ArrowLeft");
    assert.equal(await treeitem("South").getAttribute("aria-expanded"), "false");
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("F2");
    await field("Name").fill("South wing");
    await page.keyboard.press("Enter");
    await treeitem("South wing").waitFor();

    await press("Move");
    await dialog().getByRole("combobox").click();
    await page.getByText("It cannot lie below itself.").first().waitFor();
    await page.keyboard.press("Escape");
    await press("Cancel", dialog());
    await isAccessible("groups");
});

step("each module has groups of its own", async () => {
    await treeitem("South wing").click();
    await press("Add to Device groups");
    await field("Name").fill("Turnstiles");
    await press("Add", dialog());
    await page.getByRole("region", { name: "Device groups" }).getByText("Turnstiles").waitFor();
    await fromMenu("Turnstiles", "Rename");
    await field("Name").fill("Gates");
    await press("Rename", dialog());
    await page.getByRole("region", { name: "Device groups" }).getByText("Gates").waitFor();
});

step("a role is a matrix of what may be done to what", async () => {
    await open("Roles");
    await page.getByText("There are no roles yet").waitFor();
    await isAccessible("no roles");
    await page.getByRole("button", { name: "Add role" }).first().click();
    await field("Name").fill("Reception");
    await field("Users: Edit").check();
    assert.ok(await field("Users: See").isChecked());
    await field("Employees: See").check();
    await isAccessible("role matrix");
    await press("Add role", dialog());
    await row(/Reception Employees \(see\).*Users \(see, edit\)/).waitFor();
});

step("a user gets a group, that role and a one-time password", async () => {
    await open("Users");
    await press("Add user");
    await field("User name").fill("olga");
    await field("Name").fill("Olga Petrova");
    await choose("Group", "South wing");
    await press("Add user", dialog());
    await dialog().getByText("Fill this in.").waitFor();
    await choose("Role", "Reception");
    await isAccessible("user form");
    await press("Add user", dialog());
    userPassword = await takePassword();
    await row(/Olga Petrova.*South wing.*Reception.*Active.*First password/).waitFor();
    await isAccessible("users");
});

step("nobody disables himself, and the menu says so", async () => {
    await press("More actions for tower");
    const disable = page.getByRole("menuitem", { name: /^Disable/ });
    assert.equal(await disable.getAttribute("aria-disabled"), "true");
    assert.match(await disable.innerText(), /Nobody does this to himself/);
    await page.keyboard.press("Escape");
});

step("a role that somebody has cannot be deleted, and a group says what moves before it goes", async () => {
    await open("Roles");
    await press("More actions for Reception");
    const remove = page.getByRole("menuitem", { name: /^Delete/ });
    assert.match(await remove.innerText(), /1 user has this role/);
    await page.keyboard.press("Escape");
    await isAccessible("roles");

    await open("Groups");
    await treeitem("South wing").click();
    await press("Delete");
    await dialog().getByText(/^1 group and 1 user move to /).waitFor();
    await isAccessible("group deletion");
    await press("Cancel", dialog());
});

step("the user sees his group and below, what his role lets him, and why the rest is closed to him", async () => {
    await enter("olga", userPassword, "Employees");
    assert.deepEqual(await rail().getByRole("link").allInnerTexts(), expectedRail);
    await open("Users");
    await row(/Olga Petrova/).waitFor();
    assert.equal(await row(/tower/).count(), 0);
    await page.getByRole("button", { name: "Add user" }).click();
    await field("Group administrator: everything, in this group and below").waitFor();
    assert.ok(await field("Group administrator: everything, in this group and below").isDisabled());
    await dialog().getByRole("combobox", { name: "Group" }).click();
    const groups = page.locator(".ant-select-item-option-content");
    await groups.first().waitFor();
    assert.deepEqual(await groups.allInnerTexts(), ["South wing", "Workshop"]);
    await page.keyboard.press("Escape");
    await page.keyboard.press("Escape");

    await page.goto(`${stack.url}/roles?edit=new`);
    const closed = page.getByRole("checkbox", { name: /^Devices: Edit\. You do not have this right/ });
    await closed.waitFor();
    await isAccessible("matrix of one who holds little");
    await page.goto(`${stack.url}/groups`);
    await treeitem("South wing").waitFor();
    assert.equal(await treeitem("North").count(), 0);
    await page.getByRole("button", { name: "Rename", exact: true }).hover();
    await page.getByRole("tooltip").getByText("Only an administrator of the enterprise may do this.").waitFor();
    await page.mouse.move(0, 0);
    await page.getByRole("tooltip").waitFor({ state: "hidden" });
    await isAccessible("groups of one who may only look");
});

step("a reset makes a new one-time password, and deleting a group moves the user up", async () => {
    page = pages[1];
    await open("Users");
    await fromMenu("olga", "Reset password");
    await press("Reset password", dialog());
    assert.notEqual(await takePassword(), userPassword);

    await open("Groups");
    await treeitem("South wing").click();
    await press("Delete");
    await press("Delete group", dialog());
    await toast(/South wing is deleted. 1 group and 1 user moved to/);
    await open("Users");
    await fromMenu("olga", "Disable");
    await press("Disable", dialog());
    await row(/Olga Petrova.*Disabled/).waitFor();
    await page.goto(`${stack.url}/users?disabled=yes`);
    await row(/Olga Petrova/).waitFor();
    assert.equal(await row(/tower/).count(), 0);
});

step("a phone shows all of it", async () => {
    const { width, height } = page.viewportSize();
    await page.setViewportSize({ width: 390, height: 844 });
    for (const path of ["users", "groups", "roles?edit=new"]) {
        await page.goto(`${stack.url}/${path}`);
        await page.locator(".card, .group-title, .matrix").first().waitFor();
        await isAccessible(`${path} on a phone`);
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        assert.ok(overflow <= 0, `${path}: ${overflow} px too wide`);
    }
    await page.setViewportSize({ width, height });
    await page.goto(`${stack.url}/users`);
});

step("the pages speak Chinese", async () => {
    await page.getByRole("button", { name: "中文" }).click();
    for (const [path, title] of [
        ["users", "用户"],
        ["groups", "分组"],
        ["roles", "角色"],
    ]) {
        await page.goto(`${stack.url}/${path}`);
        await page.getByRole("heading", { level: 1, name: title }).waitFor();
        await isAccessible(`${path} zh`);
    }
});

step("an enterprise goes only when its name is typed, and then for good", async () => {
    page = pages[0];
    await page.bringToFront();
    await open("Enterprises");
    await fromMenu("Tower & Sons <b>GmbH</b>", "Delete");
    const remove = dialog().getByRole("button", { name: "Delete enterprise", exact: true });
    assert.ok(await remove.isDisabled());
    await dialog().getByText(/2 users are signed out at once/).waitFor();
    await isAccessible("enterprise deletion");
    await dialog().getByRole("textbox").fill("Tower");
    assert.ok(await remove.isDisabled());
    await dialog().getByRole("textbox").fill("Tower & Sons <b>GmbH</b>");
    await remove.click();
    await toast(/is being deleted/);
    await row(/Tower/).waitFor({ state: "detached" });
});

step("no page threw an error or broke its own policy", () => {
    assert.deepEqual(
        pages.map(({ faults }) => faults),
        pages.map(() => []),
    );
});
