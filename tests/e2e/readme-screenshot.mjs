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

const server = await startServer();
const browser = await openBrowser({ width: 1440, height: 900 });
try {
  const { page } = browser;
  const api = `${server.url}/api/v1`;
  const headers = { "X-Vitrine": "1" };
  await mkdir(FOLDER, { recursive: true });
  // In the browser's own name, so that the page is signed in as well.
  await page.request.post(`${api}/auth/login`, { data: ADMIN, headers });
  for (const [name, example] of Object.entries(PICTURES)) {
    const created = await page.request.post(`${api}/examples/${example}/cases`, { headers });
    const { id } = await created.json();
    await page.request.post(`${api}/cases/${id}/predictions`, { headers });
    await page.goto(`${server.url}/cases/${id}`);
    await page.locator("[data-option]").first().waitFor();
    await settled(page);
    await page.screenshot({ path: join(FOLDER, name) });
    process.stdout.write(`wrote ${join(FOLDER, name)}\n`);
  }
} finally {
  await browser.close();
  await server.stop();
}
