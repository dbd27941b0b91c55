// The first login, its forced change of password, and the open console with its live feed.

export const FIRST_PASSWORD = "123456";
export const PASSWORD = "a gate that opens once";

const field = (page, label) => page.getByLabel(label, { exact: true });
const press = (page, name) => page.getByRole("button", { name, exact: true }).click();

export async function enterFirstPassword(page) {
    await field(page, "User name").fill("admin");
    await field(page, "Password").fill(FIRST_PASSWORD);
}

export async function choosePassword(page) {
    await field(page, "New password").fill(PASSWORD);
    await field(page, "New password again").fill(PASSWORD);
}

export async function signIn(page, url) {
    await page.goto(url);
    await enterFirstPassword(page);
    await press(page, "Sign in");
    await page.getByRole("heading", { name: "Choose a new password" }).waitFor();
    await choosePassword(page);
    await press(page, "Change password");
    await page.getByText("Live", { exact: true }).waitFor();
}

// A later sign-in, with a password that is the account's own.
export async function enterPassword(page, url) {
    await page.goto(url);
    await field(page, "User name").fill("admin");
    await field(page, "Password").fill(PASSWORD);
    await press(page, "Sign in");
}
