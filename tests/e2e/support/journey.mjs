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

export async function assertAccessible(what) {
  const { violations } = await new AxeBuilder({ page: journey.page }).analyze();
  const found = violations.map(
    ({ id, help, nodes }) => `${id}: ${help}\n    ${nodes.map((node) => node.html).join("\n    ")}`,
  );
  assert.deepEqual(found, [], `axe on ${what}`);
}

export async function assertNotForDiagnosis() {
  const text = "Research use only. Not for diagnosis.";
  await journey.page.locator("footer", { hasText: text }).waitFor();
}

/** The newest case and its newest prediction, from the server. */
export async function newestPrediction() {
  const read = (path) => fetch(`${journey.url}/api/v1${path}`).then((answer) => answer.json());
  const { items: cases } = await read("/cases");
  const { items } = await read(`/cases/${cases[0].id}/predictions`);
  return { entry: cases[0], prediction: items[0] };
}
