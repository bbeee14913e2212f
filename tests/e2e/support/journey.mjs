/** What the parts of the journey share: one server, one page, and what is looked at again and again. */

import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { AxeBuilder, openBrowser } from "./browser.mjs";
import { ROOT, startServer } from "./server.mjs";

export const RESULTS = join(ROOT, "test-results");

/** Filled by `start`. */
export const journey = { url: "", page: null, browser: null, server: null };

export async function start() {
  await mkdir(RESULTS, { recursive: true });
  journey.server = await startServer();
  journey.url = journey.server.url;
  journey.browser = await openBrowser();
  journey.page = journey.browser.page;
}

export async function end() {
  await journey.browser?.close();
  await journey.server?.stop();
}

export const screenshot = (name) => journey.page.screenshot({ path: join(RESULTS, `${name}.png`) });

export const legend = () => journey.page.getByTestId("legend");
export const option = (id) => journey.page.locator(`[data-option="${id}"]`);

export async function assertAccessible(what, page = journey.page) {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const found = violations.map(
    ({ id, help, nodes }) => `${id}: ${help}\n    ${nodes.map((node) => node.html).join("\n    ")}`,
  );
  assert.deepEqual(found, [], `axe on ${what}`);
}

export async function assertNotForDiagnosis() {
  const text = "Research use only. Not for diagnosis.";
  await journey.page.locator("footer", { hasText: text }).waitFor();
}

/** Asks the server with the session of a page, as the page itself does. */
export function request(method, path, data, page = journey.page) {
  const headers = { "X-Vitrine": "1" };
  return page.request.fetch(`${journey.url}/api/v1${path}`, { method, headers, data });
}

/** Signs in on the page, wherever it is. */
export async function signIn({ email, password }, page = journey.page) {
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
}

/** The newest case and its newest prediction, from the server. */
export async function newestPrediction() {
  const read = async (path) => (await request("GET", path)).json();
  const { items: cases } = await read("/cases");
  const { items } = await read(`/cases/${cases[0].id}/predictions`);
  return { entry: cases[0], prediction: items[0] };
}
