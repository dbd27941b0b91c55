// No page runs what somebody wrote into a name. The hundred texts of tests/rpc/hostile_strings.py that a browser could take
// for more than text are written, through the API, into everything that has a name; then every page is looked at, in
// both languages.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { launch, openPage } from "./browser.mjs";
import { signIn } from "./signin.mjs";
import { photo, root, startStack } from "./stack.mjs";

const script = join(root, "tests/rpc/hostile_strings.py");
const texts = JSON.parse(execFileSync("/usr/bin/python3", ["-B", script, "100"], { encoding: "utf8" }));
const hashed = texts.slice(0, 36); // where each costs a password's hash: those that would run

// Every address that the console knows.
const router = readFileSync(join(root, "web/src/app/router.tsx"), "utf8");
const paths = [...router.matchAll(/^ {4}path: "(\/[^"]*)"/gm)].map(([, path]) => path);

let stack, browser, page;

// What may be said of a page at any moment: nothing ran, nothing was asked of another host, no policy was broken.
const faults = [];
function watch(watched, name) {
    watched.on("dialog", (dialog) => {
        faults.push(`${name}: ${dialog.type()} ${dialog.message()}`);
        return dialog.dismiss();
    });
    watched.on("request", (request) => {
        if (!/^(http:\/\/localhost:|data:|blob:)/.test(request.url())) faults.push(`${name}: asked for ${request.url()}`);
    });
    watched.on("popup", () => faults.push(`${name}: opened a window`));
}

async function assertNothingRan(looked, at) {
    const hit = await looked.evaluate(() => window.__hit);
    if (hit !== undefined) faults.push(`${at}: text ${hit} ran`);
    for (const fault of looked.faults.splice(0)) faults.push(`${at}: ${fault}`);
}

// A call of the API with the page's own session; its answer, or how it was refused.
const call = (method, path, body) =>
    page.evaluate(
        async ([method, path, body]) => {
            const answer = await fetch(path, {
                method,
                headers: { "Content-Type": "application/json", "X-Smartpass": "1" },
                body: body === undefined ? undefined : JSON.stringify(body),
            });
            return { status: answer.status, value: await answer.json() };
        },
        [method, path, body],
    );

// Creates one object with each text; the texts that its rules took.
async function fill(path, wanted, bodyOf) {
    const taken = [];
    for (const [i, text] of wanted.entries()) {
        const { status, value } = await call("POST", path, bodyOf(text, i));
        assert.ok(status === 200 || status === 400, `${path} ${text}: ${status} ${JSON.stringify(value)}`);
        if (status === 200) taken.push({ text, value });
    }
    assert.ok(taken.length > wanted.length / 2, `${path} took ${taken.length} of ${wanted.length}`);
    return taken;
}

const ids = {}; // of objects with such names, for the addresses that open them

before(async () => {
    stack = await startStack();
    browser = await launch();
    page = await openPage(browser);
    page.setDefaultTimeout(20000);
    watch(page, "first page");
    await signIn(page, stack.url);
});

after(async () => {
    await browser?.close();
    await stack?.stop();
    await stack?.remove();
});

test("hostile texts become names of everything", { timeout: 300000 }, async () => {
    const groups = await fill("/v1/groups", texts, (name) => ({ name }));
    const groupId = groups[0].value.id;
    await fill("/v1/sections", texts, (name) => ({ groupId, module: "MODULE_EMPLOYEES", name }));
    const people = await fill("/v1/employees", texts, (text, i) => ({
        number: `h${i}`,
        name: text,
        notes: text,
        phone: text.length <= 32 ? text : "",
        groupId,
    }));
    const visitors = await fill("/v1/visitors", texts, (text, i) => ({
        number: `v${i}`,
        name: text,
        company: text,
        hostId: people[0].value.id,
        groupId,
    }));
    const blacklist = await fill("/v1/blacklist", texts, (name, i) => ({ number: `b${i}`, name, notes: name, groupId }));
    const erased = await call("DELETE", `/v1/visitors/${visitors[1].value.id}`);
    assert.equal(erased.status, 200, JSON.stringify(erased.value));
    const roles = await fill("/v1/roles", texts, (name) => ({ name, permissions: ["console.view"] }));
    const users = await fill("/v1/users", hashed, (displayName, i) => ({
        user: { username: /\s/.test(displayName) ? `user${i}` : displayName, displayName, groupId, roleId: roles[i].value.id },
    }));
    const enterprises = await fill("/v1/enterprises", hashed.slice(0, 12), (name, i) => ({
        enterprise: { name, timeZone: "UTC" },
        administratorUsername: `<b>${i}</b>`,
    }));
    const expireTime = new Date(Date.now() + 86400000).toISOString();
    await fill("/v1/tokens", hashed.slice(0, 15), (name) => ({ name, permissions: ["employees.view"], expireTime }));
    Object.assign(ids, {
        group: groupId,
        employee: people[0].value.id,
        visitor: visitors[0].value.id,
        blacklist: blacklist[0].value.id,
        erasure: erased.value.id,
        role: roles[0].value.id,
        user: users[0].value.user.id,
        enterprise: enterprises[0].value.enterprise.id,
    });
});

test("terminals, passes, grants, operations and the account itself get such names too", { timeout: 120000 }, async () => {
    const { devices } = (await call("GET", "/v1/devices")).value;
    for (const [i, device] of devices.entries()) {
        const renamed = await call("PATCH", `/v1/devices/${device.id}`, { name: texts[i], groupId: device.groupId });
        assert.equal(renamed.status, 200, JSON.stringify(renamed.value));
    }
    ids.device = devices[0].id;
    const { employees } = (await call("GET", "/v1/employees?pageSize=100&skip=0")).value;
    const known = employees.filter((one) => one.photoId !== "0" && one.photoId);
    for (const [i, employee] of known.entries()) {
        const changed = await call("PATCH", `/v1/employees/${employee.id}`, { ...employee, name: texts[i] });
        assert.equal(changed.status, 200, JSON.stringify(changed.value));
    }
    await call("POST", "/v1/grants:batchCreate", { personIds: [ids.employee], deviceIds: devices.map((one) => one.id) });
    await call("PATCH", "/v1/profile", { displayName: texts[0] });

    const home = (await call("GET", "/v1/enterprises?pageSize=100")).value.enterprises.find((one) => one.home);
    assert.equal((await call("PATCH", `/v1/enterprises/${home.id}`, { ...home, name: texts[20] })).status, 200);
    const gone = (await call("GET", `/v1/enterprises/${ids.enterprise}`)).value;
    const deletion = await call("POST", `/v1/enterprises/${gone.id}:delete`, { confirmName: gone.name });
    assert.equal(deletion.status, 200, JSON.stringify(deletion.value));
    ids.operation = deletion.value.id;
    const others = (await call("GET", "/v1/enterprises?pageSize=100")).value.enterprises.filter((one) => !one.home);
    ids.enterprise = others.find((one) => !one.deleting).id;

    await page.waitForTimeout(2000); // until the terminals know the new names
    for (const person of ["person-01-visit.jpg", "person-02-visit.jpg", "stranger-01.jpg"])
        await stack.terminal("lobby", `see ${photo(person)} --temp 36.6`);
    ids.pass = (await call("GET", "/v1/passes")).value.passes[0].id;
    ids.audit = (await call("GET", "/v1/audit")).value.rows[0].id;
});

// Beside every path itself: what opens a form, a drawer, a tab or a filter, and a search for such a text.
const views = () => ({
    "/login": ["?next=/employees", `?next=${encodeURIComponent("javascript:window.__hit=90")}`],
    "/sign-in/external": [`?error=${encodeURIComponent(texts[0])}`],
    "/devices": [`/${ids.device}`, `/${ids.device}?tab=settings`, `/${ids.device}?tab=operation`, `/${ids.device}?tab=log`, "?policy=open"],
    "/visitors": [`?edit=${ids.visitor}`, `?show=${ids.visitor}`],
    "/blacklist": [`?edit=${ids.blacklist}`, `?show=${ids.blacklist}`],
    "/erasures": [`?show=${ids.erasure}`],
    "/employees": [`?edit=${ids.employee}`, `?show=${ids.employee}`, "?import=information", `?edit=new`, `?group=${ids.group}`, "?size=100"],
    "/passes": [`?show=${ids.pass}`],
    "/grants": ["?grant=new"],
    "/groups": [`?group=${ids.group}`],
    "/users": [`?edit=${ids.user}`, `?group=${ids.group}`, "?size=100"],
    "/roles": [`?edit=${ids.role}`, "?edit=new"],
    "/enterprises": [`?edit=${ids.enterprise}`, "?edit=new"],
    "/operations": [`?show=${ids.operation}`],
    "/audit": [`?show=${ids.audit}`, `?row=${ids.audit}`, "?size=100"],
    "/account": ["?tab=sessions", "?tab=security", "?tab=tokens"],
});

// Lists of what was named: there the first text stands, as text.
const SHOWN = ["/employees", "/visitors", "/blacklist", "/erasures", "/groups", "/users", "/roles", "/enterprises", "/devices", "/passes", "/grants", "/account?tab=tokens"];

async function look(looked, address) {
    await looked.goto(stack.url + address, { waitUntil: "load" });
    await looked.waitForLoadState("networkidle", { timeout: 1200 }).catch(() => {}); // an open stream is never idle
    await looked.getByRole("main").or(looked.getByRole("heading", { level: 1 })).first().waitFor();
    // Whatever waits to be touched: menus, tooltips and handlers of focus.
    await looked.keyboard.press("Tab");
    await looked.mouse.move(700, 400);
    await assertNothingRan(looked, address);
}

for (const locale of ["en", "zh-CN"])
    test(`no page runs any of them (${locale})`, { timeout: 300000 }, async () => {
        assert.ok(paths.length >= 14, paths.join(" "));
        const looked = await openPage(browser, { locale, storageState: await page.context().storageState() });
        looked.setDefaultTimeout(20000);
        watch(looked, locale);
        const unseen = new Set(SHOWN);
        for (const path of paths) {
            const search = `?q=${encodeURIComponent(texts[1])}`;
            for (const view of ["", search, ...(views()[path] ?? [])]) {
                await look(looked, path + view);
                const text = await looked.locator("body").innerText();
                if (texts.slice(0, 36).some((one) => text.includes(one))) unseen.delete(path + view);
            }
        }
        assert.deepEqual(faults, []);
        assert.deepEqual([...unseen], [], "pages that showed none of the texts, so that nothing was tried there");
        await looked.context().close();
    });
