// One's own account, what is written down about everybody, and what goes on in the server: in a real browser against the
// whole product.

import assert from "node:assert/strict";
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before } from "node:test";
import { axeViolations, launch, openPage } from "./browser.mjs";
import { enterPassword, PASSWORD, signIn } from "./signin.mjs";
import { startStack } from "./stack.mjs";
import { hasFailed, shots, step } from "./steps.mjs";
import { app } from "./totp.mjs";

let stack, browser, page, other;

const shot = (name) => page.screenshot({ path: join(shots, `${name}.png`) });
const press = (name, where = page) => where.getByRole("button", { name, exact: true }).click();
const field = (label, where = page) => where.getByLabel(label, { exact: true });
const open = (path, where = page) => where.goto(stack.url + path);
const dialog = () => page.getByRole("dialog");
const row = (name) => page.getByRole("row", { name });
// The page's own call, with its session: for what other pages are tested for.
const call = (verb, path, body) =>
    page.evaluate(
        async ([method, address, sent]) => {
            const headers = { "X-Smartpass": "1", "Content-Type": "application/json" };
            const answer = await fetch(address, { method, headers, body: sent && JSON.stringify(sent) });
            return { status: answer.status, body: await answer.json() };
        },
        [verb, path, body],
    );

// Preferences reach the server a moment after they were chosen.
const stored = (words) =>
    page.waitForResponse(
        (answer) => answer.request().method() === "PATCH" && answer.ok() && answer.request().postData()?.includes(words),
    );

// In both colours. The switch may lie under a dialog, where only a script reaches it.
async function isAccessible(name) {
    for (let colours = 0; colours < 2; colours++) {
        const scheme = await page.evaluate(() => {
            document.querySelector(".switches button:last-child").click();
            return document.documentElement.dataset.scheme;
        });
        assert.deepEqual(await axeViolations(page), [], `${name}, ${scheme}`);
    }
}

before(async () => {
    await mkdir(shots, { recursive: true });
    stack = await startStack();
    browser = await launch();
    // Nothing fades: a colour that is on its way is none to judge.
    page = await openPage(browser, { colorScheme: "light", reducedMotion: "reduce" });
    page.setDefaultTimeout(20000);
    await signIn(page, stack.url);
});

after(async () => {
    if (hasFailed()) await shot("account-failed").catch(() => {});
    await browser?.close();
    await stack?.stop();
    await stack?.remove();
});

step("the account's own page has a name to change", async () => {
    await press("Account of admin");
    await page.getByRole("menuitem", { name: "My account" }).click();
    await page.getByRole("heading", { name: "My account", level: 1 }).waitFor();
    await field("Display name").fill("Ada of the gate");
    await press("Save");
    await page.getByText("The display name is saved.").waitFor();
    await isAccessible("profile");
    await page.reload();
    await field("Display name").waitFor();
    assert.equal(await field("Display name").inputValue(), "Ada of the gate");
});

step("language, colours and lists follow the account into another browser", async () => {
    const choice = (name) => page.locator(".like").getByText(name, { exact: true });
    await choice("中文").click();
    await page.getByRole("heading", { name: "我的账户" }).waitFor();
    await choice("English").click();
    await page.getByRole("heading", { name: "My account" }).waitFor();
    const dark = stored('"theme":"dark"');
    await choice("Light").click();
    await choice("Dark").click();
    await dark;
    await shot("19-profile-dark");
    await open("/employees");
    await press("Columns");
    const columns = stored('"list":"employees"');
    await page.getByRole("checkbox", { name: "Phone" }).click();
    await page.keyboard.press("Escape");
    await page.getByRole("columnheader", { name: "Phone" }).waitFor({ state: "detached" });
    await columns;

    other = await openPage(browser, { locale: "zh-CN", colorScheme: "light" });
    other.setDefaultTimeout(20000);
    await open("/employees", other);
    await other.getByLabel("用户名").fill("admin");
    await other.getByLabel("密码").fill(PASSWORD);
    await other.getByRole("button", { name: "登录" }).click();
    await other.getByRole("columnheader", { name: "Card" }).waitFor();
    assert.equal(await other.getByRole("columnheader", { name: "Phone" }).count(), 0);
    assert.equal(await other.evaluate(() => document.documentElement.dataset.scheme), "dark");
});

step("a session that is revoked is signed out where it is used", async () => {
    await open("/account?tab=sessions");
    await page.getByRole("button", { name: /^End session/ }).waitFor();
    await shot("20-sessions");
    await isAccessible("sessions");
    await page.getByRole("button", { name: /^End session/ }).click();
    await press("End session", dialog());
    await page.getByText("The session has ended.").waitFor();
    await other.getByRole("heading", { name: "Sign in" }).waitFor();
    assert.match(other.url(), /\/login\?next=/);
});

let code, recovery;

step("a second factor is set up with a code of an app", async () => {
    await open("/account?tab=security");
    await press("Set up");
    await field("Your password", dialog()).fill("not my password");
    await press("Next", dialog());
    await dialog().getByText("The password is wrong.").waitFor();
    await field("Your password", dialog()).fill(PASSWORD);
    await press("Next", dialog());
    await dialog().locator(".factor-picture svg").waitFor();
    await dialog().getByText("It cannot be scanned?").click();
    code = app(await dialog().locator(".copy-text code").innerText());
    await shot("21-second-factor");
    await isAccessible("second factor");
    await field("2. Type the six digits that the app shows", dialog()).fill("000000");
    await press("Switch on", dialog());
    await dialog().getByText("This code is wrong.").waitFor();
    await field("2. Type the six digits that the app shows", dialog()).fill(await code());
    await press("Switch on", dialog());
    await dialog().getByText("The second factor is on").waitFor();
    recovery = await dialog().locator(".recovery-codes code").allInnerTexts();
    assert.equal(recovery.length, 10);
    await shot("22-recovery-codes");
    await isAccessible("recovery codes");
    const [file] = await Promise.all([page.waitForEvent("download"), press("Download", dialog())]);
    const kept = await readFile(await file.path(), "utf8");
    assert.ok(recovery.every((one) => kept.includes(one)));
    await dialog().getByRole("checkbox").check();
    await press("Done", dialog());
    await page.getByText("10 recovery codes left").waitFor();
});

step("signing in asks for the code, and takes a recovery code once", async () => {
    await press("Account of admin");
    await page.getByRole("menuitem", { name: "Sign out" }).click();
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
    await enterPassword(page, `${stack.url}/account?tab=security`);
    await field("Code").fill("123456");
    await shot("23-code");
    await isAccessible("code");
    await press("Sign in");
    await page.getByText(/This code is wrong/).waitFor();
    await field("Code").fill(await code());
    await press("Sign in");
    await page.getByText("10 recovery codes left").waitFor();

    await enterPassword(other, `${stack.url}/account?tab=security`);
    await other.getByRole("button", { name: "Use a recovery code" }).click();
    await other.getByLabel("Recovery code").fill(recovery[0]);
    await other.getByRole("button", { name: "Sign in", exact: true }).click();
    await other.getByText("9 recovery codes left").waitFor();
});

step("without the second factor the password is enough again", async () => {
    await page.reload();
    await press("Remove");
    await field("Your password", dialog()).fill(PASSWORD);
    await press("Remove", dialog());
    await page.getByText("The second factor is removed.").waitFor();
    await press("Set up").catch(() => {});
    await page.keyboard.press("Escape");
});

step("a token does what it may, and no more", async () => {
    await open("/account?tab=tokens");
    await press("Create token");
    await field("Name", dialog()).fill("payroll");
    await press("Create token", dialog());
    await dialog().getByText("Choose at least one permission.").waitFor();
    await dialog().getByRole("checkbox", { name: "See employees" }).check();
    await isAccessible("new token");
    await press("Create token", dialog());
    await dialog().getByText("Copy the secret now").waitFor();
    const secret = await dialog().locator(".copy-text code").innerText();
    await isAccessible("secret of a token");
    await press("Done", dialog());

    const ask = (path) => fetch(stack.url + path, { headers: { Authorization: `Bearer ${secret}` } });
    assert.equal((await ask("/v1/employees")).status, 200);
    assert.equal((await ask("/v1/devices")).status, 403);
    await page.reload();
    await row(/payroll.*ago/).waitFor();
    await shot("24-tokens");
    await isAccessible("tokens");
    await press("Delete the token payroll");
    await press("Delete", dialog());
    await page.getByText("The token payroll is deleted.").waitFor();
    assert.equal((await ask("/v1/employees")).status, 401);
});

step("the audit log shows what was changed, filtered by the address", async () => {
    await page.getByRole("navigation").getByRole("link", { name: "Audit log" }).click();
    await row(/Delete token.*payroll/).waitFor();
    await isAccessible("audit log");
    await page.getByRole("searchbox", { name: "Object or action" }).fill("update profile");
    await page.waitForURL(/q=update/);
    await open("/audit?q=update+profile&size=100");
    await row(/Delete token/).first().waitFor({ state: "detached" });
    await shot("25-audit");
    await row(/Update profile/).last().getByRole("button", { name: "Update profile" }).click();
    await dialog().locator("ins", { hasText: "Ada of the gate" }).waitFor();
    await shot("26-audit-row");
    await isAccessible("audit row");

    await open("/audit?result=refused&module=session");
    await row(/Sign in.*Refused/).first().waitFor();
    assert.equal(await row(/Done/).count(), 0);

    const rows = page.locator("tbody tr");
    await open("/audit?size=10&to=2100-01-01T00:00");
    await rows.nth(9).waitFor();
    const newest = await rows.allInnerTexts();
    const seal = (text) => text.match(/\d+$/)[0];
    await press("Older");
    await page.waitForURL(/after=/);
    await page.getByText(seal(newest[9]), { exact: true }).waitFor({ state: "detached" });
    await rows.nth(9).waitFor();
    assert.ok((await rows.allInnerTexts()).every((text) => !newest.includes(text)));
    await press("Newer");
    await page.waitForURL((url) => !url.search.includes("after="));
});

step("the audit log is exported as it is filtered, and its chain holds", async () => {
    await open("/audit?q=payroll");
    await row(/Create token/).waitFor();
    const [file] = await Promise.all([
        page.waitForEvent("download"),
        page.getByRole("link", { name: "Export CSV" }).click(),
    ]);
    const lines = (await readFile(await file.path(), "utf8")).trim().split("\r\n");
    assert.match(lines[0], /time,module,action,object/);
    assert.equal(lines.length, 3);
    assert.ok(lines.slice(1).every((line) => line.includes("payroll")));

    await press("Verify");
    await dialog().getByText("The chain holds").waitFor();
    await shot("27-audit-verified");
    await isAccessible("verified");
    const [head, seal] = (await dialog().locator(".copy-text code").innerText()).split("@");
    await field("Head", dialog()).fill(head.replace(/^./, (digit) => (digit === "0" ? "1" : "0")));
    await field("Its number", dialog()).fill(seal);
    await press("Verify again", dialog());
    await dialog().getByText("The chain is broken").waitFor();
});

step("the operation centre follows an operation to its end", async () => {
    await open("/operations");
    await page.getByText("There are no operations").waitFor();
    const made = await call("POST", "/v1/enterprises", {
        enterprise: { name: "Contoso", timeZone: "UTC" },
        administratorUsername: "contoso-admin",
    });
    assert.equal(made.status, 200, JSON.stringify(made.body));
    const { id } = made.body.enterprise;
    const begun = await call("POST", `/v1/enterprises/${id}:delete`, { confirmName: "Contoso" });
    assert.equal(begun.status, 200, JSON.stringify(begun.body));
    await row(/Delete enterprise: Contoso.*Done/).waitFor();
    await shot("28-operations");
    await isAccessible("operations");
    await page.reload();
    await row(/Delete enterprise: Contoso/).getByRole("button", { name: "Delete enterprise: Contoso", exact: true }).click();
    await dialog().getByText("Started by").waitFor();
    await isAccessible("operation");
    await page.keyboard.press("Escape");
    await press("More actions for Delete enterprise: Contoso");
    await page.getByRole("menuitem", { name: /^Cancel It has ended/ }).waitFor();
    await page.getByRole("menuitem", { name: "Remove from the list" }).click();
    await page.getByText("There are no operations").waitFor();
});

step("a provider that nobody answers for is refused at its field", async () => {
    await page.getByRole("navigation").getByRole("link", { name: "Sign-in provider" }).click();
    await field("Name").fill("Contoso");
    await field("Issuer").fill("http://localhost:1");
    await field("Client ID").fill("smartpass");
    await press("Add mapping");
    await isAccessible("provider");
    await press("Remove mapping 1");
    await page.getByRole("switch", { name: /Offer it/ }).click();
    await press("Save");
    await page.getByText(/Nobody answers at this address/).waitFor();
    await shot("29-provider");
    await open("/sign-in/external?error=access_denied");
    await page.getByText("The provider did not sign you in (access_denied).").waitFor();
    await isAccessible("way back from the provider");
});

step("no page threw an error or broke its own policy", () => {
    assert.deepEqual([page.faults, other.faults], [[], []]);
});
