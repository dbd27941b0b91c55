// Signing in at an identity provider in a real browser: npm's oidc-provider on loopback, made known on the console's own
// page; from the button on the sign-in page to the provider's pages and back, and every way that leads to a refusal.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, before } from "node:test";
import { axeViolations, launch, openPage } from "./browser.mjs";
import { signIn } from "./signin.mjs";
import { root, startStack } from "./stack.mjs";
import { hasFailed, shots, step } from "./steps.mjs";

const CALLBACK = "/sign-in/external";
let stack, browser, page, provider;
const pages = [];

const field = (label, where = page) => where.getByLabel(label, { exact: true });
const press = (name, where = page) => where.getByRole("button", { name, exact: true }).click();
const isAt = (where, path) => where.waitForURL((url) => url.origin === stack.url && url.pathname === path);

// The same providers as in tests/rpc; they end with our end of the pipe.
async function startProvider(redirectUri) {
    const script = join(root, "tests/rpc/oidc_provider.mjs");
    const folder = join(root, "third_party/npm/node_modules/oidc-provider");
    const process = spawn("node", [script, folder, redirectUri], { stdio: ["pipe", "pipe", "inherit"] });
    const [line] = await once(createInterface({ input: process.stdout }), "line");
    return { ...JSON.parse(line), stop: () => process.stdin.end() };
}

// A browser of somebody's own; the provider's pages ask for a font of the internet, which is none of ours.
async function newPage(options) {
    const opened = await openPage(browser, { reducedMotion: "reduce", ...options });
    opened.setDefaultTimeout(20000);
    await opened.route(/fonts\.googleapis\.com/, (route) => route.abort());
    pages.push(opened);
    return opened;
}

async function choose(label, option) {
    await page.getByRole("combobox", { name: label }).last().fill(option);
    await page.locator(".ant-select-item-option:visible").filter({ hasText: option }).first().click();
}

// From a page of the console to the provider's form.
async function leave(where, path) {
    await where.goto(stack.url + path);
    await press("Sign in with Contoso", where);
    await where.getByPlaceholder("Enter any login").waitFor();
    assert.equal(new URL(where.url()).origin, provider.rs.issuer);
}

// "kim+staff" is Kim in one group; the last button is the provider's question whether the console may know.
async function signInThere(where, name) {
    await where.getByPlaceholder("Enter any login").fill(name);
    await where.getByPlaceholder("and password").fill("any");
    await press("Sign-in", where);
    await press("Continue", where);
}

before(async () => {
    await mkdir(shots, { recursive: true });
    stack = await startStack();
    provider = await startProvider(stack.url + CALLBACK);
    browser = await launch();
    page = await newPage({ colorScheme: "light" });
    await signIn(page, stack.url);
});

after(async () => {
    if (hasFailed()) await Promise.all(pages.map((one, i) => one.screenshot({ path: join(shots, `external-failed-${i}.png`) })));
    await browser?.close();
    provider?.stop();
    await stack?.stop();
    await stack?.remove();
});

step("without a provider the sign-in page has no button for it", async () => {
    const guest = await newPage();
    await guest.goto(`${stack.url}/login`);
    await guest.getByRole("button", { name: "Sign in", exact: true }).waitFor();
    assert.equal(await guest.getByRole("button", { name: /^Sign in with/ }).count(), 0);
});

step("the super administrator makes the provider known", async () => {
    const dialog = page.getByRole("dialog");
    await page.goto(`${stack.url}/roles`);
    await page.getByRole("button", { name: "Add role" }).first().click();
    await field("Name", dialog).fill("Front desk");
    await field("Employees: See", dialog).check();
    await press("Add role", dialog);
    await page.getByRole("row", { name: /Front desk/ }).waitFor();

    await page.getByRole("navigation").getByRole("link", { name: "Sign-in provider" }).click();
    await page.getByText(stack.url + CALLBACK).waitFor();
    await page.getByRole("switch", { name: /Offer it/ }).click();
    await field("Name").fill("Contoso");
    await field("Issuer").fill(provider.rs.issuer);
    await field("Client ID").fill(provider.rs.client_id);
    await field("Client secret").fill(provider.rs.client_secret);
    await press("Add mapping");
    await field("Value of the claim").last().fill("staff");
    await choose("Group", "Smart Pass");
    await choose("Role", "Front desk");
    await press("Save");
    await page.getByText("The provider is saved.").waitFor();
});

let kim;

step("somebody signs in there, and comes back to the page that he wanted", async () => {
    kim = await newPage({ colorScheme: "light" });
    await kim.goto(`${stack.url}/employees?q=ann`);
    await kim.getByRole("button", { name: "Sign in with Contoso" }).waitFor();
    await kim.screenshot({ path: join(shots, "30-sign-in-external.png") });
    assert.deepEqual(await axeViolations(kim), []);
    await leave(kim, "/employees?q=ann");
    await signInThere(kim, "kim+staff");
    await isAt(kim, "/employees");
    assert.equal(new URL(kim.url()).search, "?q=ann");
    await kim.getByRole("heading", { level: 1, name: "Employees" }).waitFor();
    await kim.getByRole("button", { name: "Account of kim" }).waitFor();
    const links = await kim.getByRole("navigation", { name: "Menu" }).getByRole("link").allInnerTexts();
    assert.ok(links.includes("Employees") && !links.includes("Users"), links.join());
    await kim.screenshot({ path: join(shots, "31-signed-in-external.png") });
});

step("he is still signed in after a reload, has no password here, and can sign out", async () => {
    await kim.reload();
    await press("Account of kim", kim);
    await kim.getByRole("menuitem", { name: "My account" }).click();
    await kim.getByRole("heading", { level: 1, name: "My account" }).waitFor();
    await kim.goto(`${stack.url}/account?tab=security`);
    await kim.getByText(/provider/).first().waitFor();
    await press("Account of kim", kim);
    await kim.getByRole("menuitem", { name: "Sign out" }).click();
    await kim.getByRole("heading", { name: "Sign in" }).waitFor();
    await page.goto(`${stack.url}/users`);
    await page.getByRole("row", { name: /Kim Example/ }).waitFor();
});

step("the answer of a sign-in that is over is of no use", async () => {
    const answers = [];
    const guest = await newPage();
    guest.on("request", (request) => request.url().startsWith(stack.url + CALLBACK) && answers.push(request.url()));
    await leave(guest, "/employees");
    await signInThere(guest, "lee+staff");
    await isAt(guest, "/employees");
    assert.equal(answers.length, 1);
    const thief = await newPage();
    await thief.goto(answers[0]);
    await isAt(thief, "/login");
    await thief.getByRole("heading", { name: "Sign in" }).waitFor();
});

step("whoever fits no mapping is not let in, and is told", async () => {
    const guest = await newPage();
    await leave(guest, "/");
    await signInThere(guest, "sam+visitors");
    await guest.getByText(/nobody has decided what you may see here/).waitFor();
    await guest.screenshot({ path: join(shots, "32-not-mapped.png") });
    assert.deepEqual(await axeViolations(guest), []);
    await guest.getByRole("link", { name: "Back to the sign-in" }).click();
    await isAt(guest, "/login");
    await guest.goto(`${stack.url}/employees`);
    await isAt(guest, "/login");
    await page.goto(`${stack.url}/users`);
    await page.getByRole("row", { name: /Kim Example/ }).waitFor();
    assert.equal(await page.getByRole("row", { name: /Sam Example/ }).count(), 0);
});

step("whoever gives up at the provider is told, and may begin again", async () => {
    const guest = await newPage();
    await leave(guest, "/");
    await guest.getByRole("link", { name: /Cancel/ }).click();
    await isAt(guest, CALLBACK);
    await guest.getByText("The provider did not sign you in (access_denied).").waitFor();
    await guest.getByRole("link", { name: "Back to the sign-in" }).click();
    await press("Sign in with Contoso", guest);
    await signInThere(guest, "max+staff");
    await guest.getByRole("button", { name: "Account of max" }).waitFor();
});

step("a disabled account is refused though the provider lets it in", async () => {
    await page.goto(`${stack.url}/users`);
    const edited = await page.evaluate(async () => {
        const headers = { "X-Smartpass": "1", "Content-Type": "application/json" };
        const { users } = await (await fetch("/v1/users?query=max", { headers })).json();
        const { id, groupId, roleId, displayName } = users[0];
        const body = JSON.stringify({ groupId, roleId, displayName, disabled: true });
        return (await fetch(`/v1/users/${id}`, { method: "PATCH", headers, body })).status;
    });
    assert.equal(edited, 200);
    const guest = await newPage();
    await leave(guest, "/");
    await signInThere(guest, "max+staff");
    await guest.getByText("This account is disabled. Ask an administrator.").waitFor();
});

step("a provider that is switched off is no way in any more", async () => {
    const guest = await newPage();
    await leave(guest, "/");
    await page.goto(`${stack.url}/roles`);
    await page.getByRole("navigation").getByRole("link", { name: "Sign-in provider" }).click();
    await page.getByRole("switch", { name: /Offer it/ }).click();
    await press("Save");
    await page.getByText("The provider is saved.").waitFor();
    await signInThere(guest, "kim+staff");
    await guest.getByText("Signing in through a provider is switched off here.").waitFor();
    await guest.goto(`${stack.url}/login`);
    await guest.getByRole("button", { name: "Sign in", exact: true }).waitFor();
    assert.equal(await guest.getByRole("button", { name: /^Sign in with/ }).count(), 0);
});

step("no page threw an error or broke its own policy", () => {
    assert.deepEqual(pages.flatMap((one) => one.faults), []);
});
