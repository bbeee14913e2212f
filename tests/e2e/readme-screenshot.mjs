/** Writes the pictures in docs/images from a real server with the shipped models: `npm run screenshot`. */

import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { openBrowser, settled } from "./support/browser.mjs";
import { ADMIN, ROOT, startServer } from "./support/server.mjs";

const FOLDER = join(ROOT, "docs/images");
// Synthetic images only: whoever reads the guide may copy them.
const PICTURES = {
  "case-page.png": "dermoscopy-mel-1",
  "ultrasound-case.png": "ultrasound-malignant-2",
};

const headers = { "X-Vitrine": "1" };

const server = await startServer();
const browser = await openBrowser({ width: 1440, height: 900 });
try {
  const { page } = browser;
  const api = `${server.url}/api/v1`;
  await mkdir(FOLDER, { recursive: true });
  // In the browser's own name, so that the page is signed in as well.
  await page.request.post(`${api}/auth/login`, { data: ADMIN, headers });
  for (const [name, example] of Object.entries(PICTURES)) {
    const created = await page.request.post(`${api}/examples/${example}/cases`, { headers });
    const { id } = await created.json();
    const explained = await page.request.post(`${api}/cases/${id}/predictions`, { headers });
    await page.goto(`${server.url}/cases/${id}`);
    await page.locator("[data-option]").first().waitFor();
    await settled(page);
    await page.screenshot({ path: join(FOLDER, name) });
    process.stdout.write(`wrote ${join(FOLDER, name)}\n`);
    if (name === "case-page.png") {
      await whatIf(page, api, await explained.json());
    }
  }
} finally {
  await browser.close();
  await server.stop();
}

/** The smallest change that turns the decision, clicked. */
async function whatIf(page, api, prediction) {
  const wanted = { wanted_class: "nv" };
  const answer = await page.request.post(`${api}/predictions/${prediction.id}/counterfactuals`, {
    headers,
    data: wanted,
  });
  const [smallest] = (await answer.json()).results;
  await page.keyboard.press("e");
  const panel = page.getByRole("region", { name: "What if" });
  for (const { option_id: id } of smallest.edits) {
    await panel.locator(`[data-option="${id}"]`).click();
  }
  await page.mouse.move(5, 5);
  await settled(page);
  const path = join(FOLDER, "what-if.png");
  await page.screenshot({ path });
  process.stdout.write(`wrote ${path}\n`);
}
