// Employees, visitors and the blocklist in a real browser: whoever comes is photographed, found, changed and erased; many
// come by a sheet and leave by one. Every page and dialog is looked at by axe in light and dark.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { copyFile, mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { after, before } from "node:test";
import { promisify } from "node:util";
import { launch, openPage } from "./browser.mjs";
import { signIn } from "./signin.mjs";
import { photo, startStack } from "./stack.mjs";
import { assertAccessible, hasFailed, shots, step } from "./steps.mjs";

let stack, browser, page;

const dialog = () => page.getByRole("dialog").last();
const field = (label, within = page) => within.getByLabel(label, { exact: true });
const press = (name, within = page) => within.getByRole("button", { name, exact: true }).click();
const row = (name) => page.getByRole("row", { name });
const toast = (words) => page.getByRole("region", { name: "Notifications" }).getByText(words).first().waitFor();
const rail = () => page.getByRole("navigation", { name: "Menu" });
const open = async (entry) => {
    await rail().getByRole("link", { name: entry, exact: true }).click();
    await page.getByRole("heading", { level: 1, name: entry }).waitFor();
};

async function fromMenu(name, action) {
    await press(`More actions for ${name}`);
    await page.getByRole("menuitem", { name: action }).click();
}

async function choose(label, option, within = dialog()) {
    await within.getByRole("combobox", { name: label }).click();
    await page.locator(".ant-select-item-option").filter({ hasText: option }).first().click();
}

// What the page itself could ask; for what the page is not about.
async function call(method, path, body) {
    const { status, value } = await page.evaluate(
        async ([method, path, body]) => {
            const answer = await fetch(path, {
                method,
                headers: { "X-Smartpass": "1", "Content-Type": "application/json" },
                ...(body && { body: JSON.stringify(body) }),
            });
            return { status: answer.status, value: await answer.json() };
        },
        [method, path, body],
    );
    assert.equal(status, 200, `${method} ${path}: ${JSON.stringify(value)}`);
    return value;
}

const isAccessible = (name) => assertAccessible(page, "people", name);

before(async () => {
    await mkdir(shots, { recursive: true });
    stack = await startStack();
    browser = await launch();
    page = await openPage(browser, { acceptDownloads: true });
    page.setDefaultTimeout(15000);
});

after(async () => {
    if (hasFailed()) await page?.screenshot({ path: join(shots, "people-failed.png") }).catch(() => {});
    await browser?.close();
    await stack?.stop();
    await stack?.remove();
});

step("the three kinds have a page each, and receipts one of their own", async () => {
    await signIn(page, stack.url);
    await open("Visitors");
    await page.getByText("There are no visitors yet").waitFor();
    await isAccessible("no visitors");
    await open("Blocklist");
    await page.getByText("Nobody is on the blocklist").waitFor();
    await open("Deletion receipts");
    await page.getByText("Nobody has been deleted").waitFor();
    await isAccessible("no receipts");
    await open("Employees");
    await row(/Ada Okafor 0001/).waitFor();
    await isAccessible("employees");
});

step("an employee has all his fields, and a section of his group", async () => {
    const [root] = (await call("GET", "/v1/groups")).groups;
    await call("POST", "/v1/sections", { groupId: root.id, module: "MODULE_EMPLOYEES", name: "Night shift" });
    await page.reload();
    await page.getByRole("button", { name: "Add employee" }).first().click();
    await page.locator("input[type=file]").setInputFiles(photo("person-07.jpg"));
    await page.getByText("The photo is usable.").waitFor();
    // A calendar is a dialog, too.
    const form = page.getByRole("dialog", { name: "Add employee" });
    await field("Name").fill("Gita Raman");
    await field("Number").fill("0700");
    await choose("Gender", "Female");
    await choose("Section", "Night shift");
    await field("Phone").fill("+91 22 555 0100");
    await field("Address").fill("12 Marine Drive, Mumbai");
    await field("Card number").fill("C-700");
    await field("Identity card number").fill("ID-700");
    await field("Nationality").fill("Indian");
    await field("Place of birth").fill("Pune");
    const born = field("Date of birth");
    await born.fill("1990-02-28");
    await page.keyboard.press("Tab");
    await field("Employed from").fill("2026-05-01");
    await page.keyboard.press("Tab");
    await field("Employed until").fill("2026-04-01");
    await page.keyboard.press("Tab");
    await field("Consent given on").fill("2026-04-30");
    await page.keyboard.press("Tab");
    await field("How consent was given").fill("signed form 12");
    await isAccessible("employee form");
    await press("Add employee", form);
    await page.getByText("The last day is before the first.").first().waitFor();
    await field("Employed until").fill("2099-04-01");
    await page.keyboard.press("Tab");
    await page.getByText("The last day is before the first.").waitFor({ state: "detached" });
    await press("Add employee", form);
    await toast("Gita Raman is added.");
    await row(/Gita Raman 0700.*\+91 22 555 0100.*C-700.*Usable/).waitFor();
});

step("the tree's section, the filters and the columns show who is meant, and the address keeps it", async () => {
    const tree = page.getByRole("navigation", { name: "Groups" });
    await tree.getByRole("button", { name: "Night shift" }).click();
    await row(/Gita Raman/).waitFor();
    await row(/Ada Okafor/).waitFor({ state: "detached" });
    await page.getByText("1 person in Night shift").waitFor();
    await tree.getByRole("button", { name: "All groups" }).click();
    await choose("Grants", "On no device", page);
    await row(/Ada Okafor/).waitFor({ state: "detached" });
    await page.reload();
    await row(/Gita Raman/).waitFor();
    assert.equal(await row(/Ada Okafor/).count(), 0);
    await choose("Photo", "Without a photo", page);
    await page.getByText("No employee matches the filter").waitFor();
    await press("Clear filters");
    await row(/Ada Okafor/).waitFor();

    await press("Columns");
    const birthplace = dialog().getByRole("checkbox", { name: "Place of birth" });
    // The list still moves into its place when it appears, and a click can miss it.
    for (let i = 0; i < 5 && !(await birthplace.isChecked()); i++) {
        await birthplace.click();
        await page.waitForTimeout(300);
    }
    await page.keyboard.press("Escape");
    await page.getByRole("columnheader", { name: "Place of birth" }).waitFor();
    await row(/Gita Raman.*Pune/).waitFor();
    await press("Columns");
    await press("Reset", dialog());
    await page.keyboard.press("Escape");
});

step("the details say everything, and lead to the form", async () => {
    await press("Gita Raman");
    await dialog().getByText("12 Marine Drive").waitFor();
    for (const words of ["Female", "Night shift", "ID-700", "1990-02-28", "2099-04-01", "signed form 12"])
        await dialog().getByText(words).waitFor();
    await isAccessible("details");
    await press("Edit", dialog());
    await page.getByRole("dialog", { name: "Edit Gita Raman" }).waitFor();
    assert.equal(await field("Date of birth").inputValue(), "1990-02-28");
    await field("Phone").fill("+91 22 555 0199");
    await press("Save", dialog());
    await toast("Gita Raman is saved.");
    await row(/Gita Raman.*0199/).waitFor();
});

step("a visitor has a host; a face that is known is a warning, and a card changes hands when asked", async () => {
    await open("Visitors");
    await page.getByRole("button", { name: "Add visitor" }).first().click();
    await page.locator("input[type=file]").setInputFiles(photo("person-07-visit.jpg"));
    await page.getByText("Somebody else has the same face").waitFor();
    await dialog().getByRole("link", { name: "Gita Raman (0700)" }).waitFor();
    await page.locator("input[type=file]").setInputFiles(photo("person-08.jpg"));
    await page.getByText("The photo is usable.").waitFor();
    await field("Name").fill("Hugo Brandt");
    await field("Number").fill("V-1");
    await field("Company").fill("Brandt & Co");
    await dialog().getByRole("combobox", { name: "Host" }).fill("Ada");
    await page.locator(".ant-select-item-option").filter({ hasText: "Ada Okafor" }).click();
    await field("Purpose").fill("Audit of the gate");
    await field("Card number").fill("C-700");
    await isAccessible("visitor form");
    await press("Add visitor", page.getByRole("dialog", { name: "Add visitor" }));
    const asking = page.getByRole("dialog", { name: "Take the card?" });
    await asking.getByText(/Gita Raman.* has this card/).waitFor();
    await isAccessible("card");
    await press("Cancel", asking);
    await page.getByText("Another person has this card.").waitFor();
    await press("Add visitor", page.getByRole("dialog", { name: "Add visitor" }));
    await press("Take the card", asking);
    await toast("Hugo Brandt is added.");
    await row(/Hugo Brandt.*Brandt & Co.*Ada Okafor.*C-700/).waitFor();
    await open("Employees");
    await row(/Gita Raman/).waitFor();
    await row(/Gita Raman.*C-700/).waitFor({ state: "detached" });
});

step("who is on the blocklist is refused everywhere, and his row says so", async () => {
    await open("Blocklist");
    await page.getByRole("button", { name: "Add to the blocklist" }).first().click();
    await field("Name").fill("G. R.");
    await field("Number").fill("B-1");
    await field("Identity card number").fill("ID-700");
    assert.equal(await dialog().getByRole("button", { name: "Register from device" }).count(), 0);
    await press("Add to the blocklist", dialog());
    await toast("G. R. is added.");
    await row(/G\. R\. B-1/).waitFor();
    await open("Employees");
    await row(/Gita Raman Blocked 0700/).waitFor();
    await press("Gita Raman");
    await dialog().getByText(/every device refuses this person/).waitFor();
    await page.keyboard.press("Escape");
});

step("a terminal takes the photo for the form, says why a picture does not fit, and is let go again", async () => {
    await open("Visitors");
    await fromMenu("Hugo Brandt", "Edit");
    await press("Register from device");
    const capture = page.getByRole("dialog", { name: "Register from device" });
    await capture.getByRole("combobox", { name: "Device that is online" }).click();
    await page.locator(".ant-select-item-option").filter({ hasText: "Lobby gate" }).click();
    await press("Start", capture);
    await capture.getByText("Lobby gate shows its photo screen.").waitFor();
    await capture.getByText(/\d+ s left/).waitFor();
    await isAccessible("register from device");
    await press("Cancel the photo", capture);
    await capture.waitFor({ state: "hidden" });

    await press("Register from device");
    await capture.getByRole("combobox", { name: "Device that is online" }).click();
    await page.locator(".ant-select-item-option").filter({ hasText: "Lobby gate" }).click();
    await press("Start", capture);
    await capture.getByText("Lobby gate shows its photo screen.").waitFor();
    await stack.terminal("lobby", `see ${photo("stranger-01.jpg")}`);
    await capture.waitFor({ state: "hidden" });
    await page.getByText("The photo is usable.").waitFor();
    await press("Save", dialog());
    await toast("Hugo Brandt is saved.");
});

step("whoever is deleted leaves the terminals first, and a receipt", async () => {
    await open("Employees");
    await fromMenu("Emma Novak", "Delete");
    await dialog().getByText(/2 devices have this person and take it off first/).waitFor();
    await dialog().getByText(/cannot be undone/).waitFor();
    await isAccessible("deletion");
    await press("Delete", dialog());
    const receipt = page.getByRole("dialog", { name: "Emma Novak is erased" });
    await receipt.getByText("Complete").waitFor();
    assert.equal(await receipt.getByText("Confirmed", { exact: true }).count(), 2);
    await isAccessible("receipt");
    await press("Close", receipt.locator(".ant-modal-footer"));
    await row(/Emma Novak/).waitFor({ state: "detached" });
});

step("many go by an operation, each with a receipt", async () => {
    for (const name of ["Dalia Haddad", "Farah Aziz"]) await row(name).getByRole("checkbox").check();
    await press("Delete");
    await dialog().getByText(/2 of these 2 people are on devices/).waitFor();
    await press("Delete", dialog());
    await row(/Farah Aziz/).waitFor({ state: "detached" });
    await open("Deletion receipts");
    await row(/Farah Aziz.*Employee.*admin.*Complete/).waitFor();
    await isAccessible("receipts");
    await press("Farah Aziz");
    await dialog().getByText("Lobby gate").waitFor();
    await page.keyboard.press("Escape");
});

const SHEET = [
    "Personnel ID,Name,Gender,Date of birth,Phone,Shoe size",
    "0900,Ines Duarte,Female,1988-07-01,+351 21 000,38",
    "0901,Jonas Berg,Male,1979-12-24,,43",
    "0001,Somebody Else,,,,",
    ",Nameless,,,,",
    "0902,Karim Said,Unknown,,,",
].join("\r\n");

// What the browser would store, as text.
async function downloaded(press) {
    const [download] = await Promise.all([page.waitForEvent("download"), press()]);
    return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
}

step("many come by a sheet: the template, the preview, and what failed in rows that can be mended", async () => {
    await open("Employees");
    await press("Add in bulk");
    await page.getByRole("menuitem", { name: "Import information" }).click();
    const wizard = page.getByRole("dialog", { name: "Import employees" });
    await isAccessible("import file");
    const template = await downloaded(() => wizard.getByRole("link", { name: "Download the template" }).click());
    assert.equal(template.name, "Personnel_import_template.xlsx");
    assert.equal(template.bytes.subarray(0, 2).toString(), "PK");

    await wizard.locator("input[type=file]").setInputFiles({
        name: "holiday.csv",
        mimeType: "text/csv",
        buffer: Buffer.from("Where,When\r\nRome,May\r\n"),
    });
    await wizard.getByText(/^The file content or format is incorrect. Please fill in/).waitFor();
    await isAccessible("import refused");
    await press("Choose another file", wizard);

    await wizard.locator("input[type=file]").setInputFiles({
        name: "new people.csv",
        mimeType: "text/csv",
        buffer: Buffer.from(SHEET),
    });
    await wizard.getByText("new people.csv is uploaded.").waitFor();
    await wizard.getByText(/^5 rows/).waitFor();
    await wizard.getByText(/does not know and is not imported: Shoe size/).waitFor();
    await wizard.getByText("This is no gender that the template knows.").waitFor();
    await isAccessible("import preview");
    await press("Start import", wizard);
    await wizard.getByText("The import has ended").waitFor();
    await wizard.getByText("2 added, 0 updated, 3 failed").waitFor();
    await wizard.getByText("Somebody else has this number.").waitFor();
    await isAccessible("import ended");

    // The address knows it: a reload, and the operation centre, lead back.
    await page.reload();
    await wizard.getByText("2 added, 0 updated, 3 failed").waitFor();
    const failed = await downloaded(() => wizard.getByRole("link", { name: "Download the failed rows" }).click());
    assert.ok(failed.bytes.length > 0);
    await press("Close", wizard.locator(".ant-drawer-footer"));
    await row(/Ines Duarte 0900/).waitFor();
    await page.goto(`${stack.url}/operations`);
    await page.getByRole("button", { name: /^Import employees/ }).click();
    await dialog().getByRole("link", { name: "Show the import and what failed" }).click();
    await wizard.getByText("2 added, 0 updated, 3 failed").waitFor();
    await press("Close", wizard.locator(".ant-drawer-footer"));
});

step("an import without a fault says so, and overwriting changes who is there", async () => {
    await page.goto(`${stack.url}/employees?import=information`);
    const wizard = page.getByRole("dialog", { name: "Import employees" });
    await wizard.locator("input[type=file]").setInputFiles({
        name: "again.csv",
        mimeType: "text/csv",
        buffer: Buffer.from("Personnel ID,Name,Phone\r\n0901,Jonas Berg,+49 30 1\r\n"),
    });
    await wizard.getByText(/^1 row/).waitFor();
    await wizard.getByRole("radio", { name: /^Overwrite/ }).check();
    await press("Start import", wizard);
    await wizard.getByText("Successful batch import of personnel information").waitFor();
    await wizard.getByText("0 added, 1 updated, 0 failed").waitFor();
    await press("Close", wizard.locator(".ant-drawer-footer"));
    await row(/Jonas Berg 0901.*\+49 30 1/).waitFor();
});

step("photos come in a zip, named by the number, and what does not fit is listed", async () => {
    const folder = await mkdtemp("/var/tmp/smartpass-zip-");
    for (const [from, to] of [
        ["stranger-02.jpg", "0900.jpg"],
        ["nobody.jpg", "0901.jpg"],
        ["stranger-03.jpg", "7777.jpg"],
    ])
        await copyFile(photo(from), join(folder, to));
    const zip = join(folder, "faces.zip");
    await promisify(execFile)("python3", ["-m", "zipfile", "-c", zip, ...["0900.jpg", "0901.jpg", "7777.jpg"].map((name) => join(folder, name))]);
    await press("Add in bulk");
    await page.getByRole("menuitem", { name: "Import photos" }).click();
    const wizard = page.getByRole("dialog", { name: "Import photos" });
    await wizard.locator("input[type=file]").setInputFiles(zip);
    await wizard.getByText("3 files in the zip").waitFor();
    await isAccessible("photos preview");
    await press("Start import", wizard);
    await wizard.getByText("The portrait photos in this folder have been imported").waitFor();
    await wizard.getByText("1 sheets have been successfully imported, 2 sheets failed").waitFor();
    await wizard.getByText("There is no face in this picture.").waitFor();
    await wizard.getByText("There is no employee with this number.").waitFor();
    await isAccessible("photos ended");
    await press("Close", wizard.locator(".ant-drawer-footer"));
    await row(/Ines Duarte 0900.*Usable/).waitFor();
    await rm(folder, { recursive: true });
});

step("the list leaves as a file, all of it or what the filter shows", async () => {
    await page.goto(`${stack.url}/employees?q=Duarte`);
    await row(/Ines Duarte/).waitFor();
    await press("Export");
    const exporting = page.getByRole("dialog", { name: "Export employees" });
    await exporting.getByRole("radio", { name: "Those whom the filter shows" }).waitFor();
    await exporting.getByRole("radio", { name: "Text (.csv)" }).check();
    await isAccessible("export");
    await press("Start export", exporting);
    await exporting.getByText("The file with 1 person is ready.").waitFor();
    await isAccessible("export ready");
    const some = await downloaded(() => exporting.getByRole("link", { name: /^Download/ }).click());
    assert.equal(some.name, "Employee Information.csv");
    assert.match(some.bytes.toString(), /^\ufeffPersonnel ID[^]*0900,Ines Duarte/);
    assert.doesNotMatch(some.bytes.toString(), /Ada Okafor/);
    await press("Close", exporting.locator(".ant-modal-footer"));

    // The operation centre has the file, too.
    await page.goto(`${stack.url}/operations`);
    await page.getByRole("button", { name: /^Export employees/ }).click();
    const again = await downloaded(() => dialog().getByRole("link", { name: /^Download/ }).click());
    assert.deepEqual(again, some);
    await isAccessible("operation of an export");

    await page.goto(`${stack.url}/employees`);
    await press("Export");
    await press("Start export", exporting);
    const all = await downloaded(() => exporting.getByRole("link", { name: /^Download/ }).click());
    assert.equal(all.name, "Employee Information.xlsx");
    assert.equal(all.bytes.subarray(0, 2).toString(), "PK");
    await press("Close", exporting.locator(".ant-modal-footer"));
});

step("a phone shows all of it", async () => {
    const { width, height } = page.viewportSize();
    await page.setViewportSize({ width: 390, height: 844 });
    for (const path of ["employees", "visitors?edit=new", "blacklist", "erasures"]) {
        await page.goto(`${stack.url}/${path}`);
        await page.locator(".card, .photo-field, .table-empty").first().waitFor();
        await isAccessible(`${path} on a phone`);
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        assert.ok(overflow <= 0, `${path}: ${overflow} px too wide`);
    }
    await page.setViewportSize({ width, height });
    await page.goto(`${stack.url}/employees`);
});

step("the pages speak Chinese", async () => {
    await page.getByRole("button", { name: "中文" }).click();
    for (const [path, title] of [
        ["employees", "员工"],
        ["visitors", "访客"],
        ["blacklist", "黑名单"],
        ["erasures", "删除凭据"],
    ]) {
        await page.goto(`${stack.url}/${path}`);
        await page.getByRole("heading", { level: 1, name: title }).waitFor();
        await page.locator(".table, .table-empty").waitFor();
        await isAccessible(`${path} zh`);
    }
});

step("no page threw an error or broke its own policy", () => {
    assert.deepEqual(page.faults, []);
});
