/** Writes docs/images/case-page.png from a real server with the shipped model: `npm run screenshot`. */

import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { openBrowser, settled } from "./support/browser.mjs";
import { ROOT, startServer } from "./support/server.mjs";

const EXAMPLE = process.argv[2] ?? "dermoscopy-mel-1";
const TARGET = join(ROOT, "docs/images/case-page.png");

const server = await startServer();
const browser = await openBrowser({ width: 1440, height: 900 });
try {
  const { page } = browser;
  const api = `${server.url}/api/v1`;
  const created = await fetch(`${api}/examples/${EXAMPLE}/cases`, { method: "POST" });
  const { id } = await created.json();
  await fetch(`${api}/cases/${id}/predictions`, { method: "POST" });
  await page.goto(`${server.url}/cases/${id}`);
  await page.locator("[data-option]").first().waitFor();
  await settled(page);
  await mkdir(join(ROOT, "docs/images"), { recursive: true });
  await page.screenshot({ path: TARGET });
  process.stdout.write(`wrote ${TARGET}\n`);
} finally {
  await browser.close();
  await server.stop();
}
