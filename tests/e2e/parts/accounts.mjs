/** Two people: an administrator, and a reader who is invited and sees what is shared. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { openBrowser } from "../support/browser.mjs";
import {
  assertAccessible,
  assertNotForDiagnosis,
  journey,
  newestPrediction,
  RESULTS,
  request,
  screenshot,
  signIn,
} from "../support/journey.mjs";
import { ADMIN } from "../support/server.mjs";

const READER = { email: "ben@hospital.example", password: "lamp otter canal violet" };

const dialog = (name) => journey.page.getByRole("dialog", { name });
const noDialog = () => journey.page.getByRole("dialog").waitFor({ state: "detached" });

async function openMenu(item) {
  await journey.page.getByRole("button", { name: /^Account of/ }).click();
  await journey.page.getByRole("menuitem", { name: item }).click();
}

describe("one's own account", () => {
  it("has a name, which the header shows", async () => {
    await openMenu("Account");
    const part = journey.page.getByRole("region", { name: "Name and e-mail" });
    await part.getByLabel("Name").fill("Anna Weber");
    await part.getByRole("button", { name: "Save" }).click();
    await part.getByText("Saved").waitFor();
    await journey.page.getByRole("button", { name: "Account of Anna Weber" }).waitFor();
    await journey.page.getByText("this one").waitFor();
    await screenshot("20-account");
    await assertAccessible("the account page");
    await assertNotForDiagnosis();
  });

  it("gives tokens to programs, shown once", async () => {
    await journey.page.getByRole("button", { name: "New token" }).click();
    const sheet = dialog("New API token");
    await sheet.getByLabel("Name").fill("Nightly export");
    await screenshot("20-new-token");
    await assertAccessible("a new token");
    await sheet.getByRole("button", { name: "Create the token" }).click();
    const token = await sheet.getByLabel("Token “Nightly export”").inputValue();
    await screenshot("20-token");
    await assertAccessible("a token");
    const headers = { Authorization: `Bearer ${token}` };
    const cases = await fetch(`${journey.url}/api/v1/cases`, { headers });
    assert.equal(cases.status, 200);
    const refused = await fetch(`${journey.url}/api/v1/people`, { headers });
    assert.equal(refused.status, 403);
    await sheet.getByRole("button", { name: "Done" }).click();
    await noDialog();
    await journey.page.getByRole("rowheader", { name: "Nightly export" }).waitFor();
  });
});

describe("a reader", () => {
  let reader = null;
  let link = "";
  before(async () => {
    reader = await openBrowser();
  });
  after(async () => {
    journey.browser.problems.push(...reader.problems);
    await reader.close();
  });

  it("is invited with a link", async () => {
    await openMenu("People and groups");
    await journey.page.getByRole("button", { name: "Invite somebody" }).click();
    const sheet = dialog("Invite somebody");
    await sheet.getByLabel("E-mail").fill(READER.email);
    await sheet.getByLabel("Name").fill("Ben Okafor");
    await screenshot("21-invite");
    await assertAccessible("an invitation");
    await sheet.getByRole("button", { name: "Create the invitation" }).click();
    link = await sheet.getByLabel("Invitation link").inputValue();
    await screenshot("21-link");
    await assertAccessible("the link of an invitation");
    await sheet.getByRole("button", { name: "Done" }).click();
    await noDialog();
    await journey.page.locator("tr", { hasText: "Ben Okafor" }).getByText("invited").waitFor();
  });

  it("belongs to a group", async () => {
    await journey.page.getByRole("tab", { name: /^Groups/ }).click();
    await journey.page.getByRole("button", { name: "New group" }).click();
    const sheet = dialog("New group");
    await sheet.getByLabel("Name").fill("Dermatology");
    await sheet.getByRole("combobox", { name: "Members" }).click();
    await journey.page.getByRole("option", { name: "Ben Okafor" }).click();
    await sheet.getByLabel("Name").click();
    await sheet.getByRole("button", { name: "Create the group" }).click();
    await noDialog();
    await journey.page.locator("tr", { hasText: "Dermatology" }).getByText("Ben Okafor").waitFor();
    await screenshot("21-groups");
    await assertAccessible("the groups");
    await journey.page.getByRole("tab", { name: /^People/ }).click();
    await screenshot("21-people");
    await assertAccessible("the people");
  });

  it("accepts the invitation, and sees neither data sets nor other people's cases", async () => {
    const { page } = reader;
    await page.goto(link);
    await page.getByText("This invitation is for").waitFor();
    assert.equal(new URL(page.url()).hash, "");
    await page.screenshot({ path: join(RESULTS, "22-welcome.png") });
    await assertAccessible("an invitation's page", page);
    await page.getByLabel("Password of your own").fill(READER.password);
    await page.getByRole("button", { name: "Accept and sign in" }).click();
    await page.getByRole("heading", { name: "No cases yet" }).waitFor();
    assert.equal(await page.getByRole("link", { name: "Data sets" }).count(), 0);
    assert.equal((await request("GET", "/datasets", undefined, page)).status(), 403);
    await page.goto(`${journey.url}/datasets`);
    await page.getByText("Data sets: not for your role").waitFor();
    await page.screenshot({ path: join(RESULTS, "22-not-allowed.png") });
    await assertAccessible("a page for others", page);
  });

  it("sees a case that is shared with the group, and may not change it", async () => {
    const { entry } = await newestPrediction();
    await journey.page.goto(`${journey.url}/cases/${entry.id}`);
    await journey.page.getByRole("tab", { name: "Case and notes" }).click();
    const part = journey.page.getByRole("region", { name: "Who sees this case" });
    await part.getByRole("button", { name: "Share …" }).click();
    await part.getByLabel("Groups", { exact: true }).click();
    await part.getByRole("combobox", { name: "Groups" }).click();
    await journey.page.getByRole("option", { name: "Dermatology" }).click();
    await screenshot("23-sharing");
    await assertAccessible("sharing");
    await part.getByRole("button", { name: "Save" }).click();
    // The form is gone first: the group's name stands in it as well.
    await part.getByRole("button", { name: "Share …" }).waitFor();
    await part.getByText("Dermatology", { exact: true }).waitFor();

    const { page } = reader;
    await page.goto(journey.url);
    await page.locator("tr", { hasText: "Belongs to Anna Weber" }).waitFor();
    await page.screenshot({ path: join(RESULTS, "23-shared-list.png") });
    await assertAccessible("a list with shared cases", page);
    await page.locator("tbody a").first().click();
    await page.getByText("Read only", { exact: true }).waitFor();
    await page.getByRole("tab", { name: "Case and notes" }).click();
    await page.getByText("This case belongs to Anna Weber").waitFor();
    assert.equal(await page.getByRole("textbox", { name: "Notes" }).getAttribute("readonly"), "");
    await page.screenshot({ path: join(RESULTS, "23-read-only.png") });
    await assertAccessible("somebody else's case", page);
    const change = await request("PATCH", `/cases/${entry.id}`, { notes: "x" }, page);
    assert.equal(change.status(), 403);
  });
});

/** Signs somebody in elsewhere and ends all their other sessions from there. */
async function endOtherSessions() {
  const send = (method, path, body, cookie) =>
    fetch(`${journey.url}/api/v1${path}`, {
      method,
      headers: {
        "Content-Type": "application/json",
        "X-Vitrine": "1",
        ...(cookie && { Cookie: cookie }),
      },
      body: body && JSON.stringify(body),
    });
  const entered = await send("POST", "/auth/login", ADMIN);
  const cookie = entered.headers.get("set-cookie").split(";")[0];
  assert.equal((await send("DELETE", "/account/sessions", null, cookie)).status, 204);
}

describe("a session that ends while somebody types", () => {
  it("is taken up again in place, and the notes are saved", async () => {
    const { entry } = await newestPrediction();
    await endOtherSessions();
    await journey.page
      .getByRole("textbox", { name: "Notes" })
      .fill("typed after the session had ended");
    const sheet = dialog("Your session has ended");
    await sheet.waitFor();
    await screenshot("24-session-ended");
    await assertAccessible("a session that ended");
    await sheet.getByLabel("Password", { exact: true }).fill(ADMIN.password);
    await sheet.getByRole("button", { name: "Sign in", exact: true }).click();
    await sheet.waitFor({ state: "detached" });
    await journey.page.getByText("Saved", { exact: true }).waitFor();
    const saved = await (await request("GET", `/cases/${entry.id}`)).json();
    assert.equal(saved.notes, "typed after the session had ended");
  });
});

describe("the audit trail", () => {
  it("tells all of it, and is as it was written", async () => {
    await openMenu("Audit trail");
    const table = journey.page.getByRole("table", { name: /Events/ });
    await table.getByText("changed a case").first().waitFor();
    await journey.page.getByRole("button", { name: "Check the trail" }).click();
    await journey.page.getByText(/events, each as it was written/).waitFor();
    await journey.page
      .getByRole("button", { name: /^Details of event/ })
      .first()
      .click();
    await screenshot("25-audit");
    await assertAccessible("the audit trail");
    await assertNotForDiagnosis();
  });

  it("is filtered, and the address says how", async () => {
    await journey.page.goto(`${journey.url}/audit?action=token.created`);
    const table = journey.page.getByRole("table", { name: /Events/ });
    await table.getByText("created an API token").waitFor();
    await journey.page.getByText("1 of 1").waitFor();
    const csv = await journey.page.getByRole("link", { name: "CSV" }).getAttribute("href");
    const exported = await journey.page.request.get(journey.url + csv);
    assert.match(await exported.text(), /Nightly export/);
  });
});

describe("signing out", () => {
  it("leads to the sign-in page; signing in again goes on", async () => {
    await openMenu("Sign out");
    await journey.page.getByRole("heading", { name: "Sign in" }).waitFor();
    assert.equal((await request("GET", "/cases")).status(), 401);
    await signIn(ADMIN);
    await journey.page.locator("tbody a").first().waitFor();
  });
});
