/** Chromium with an empty profile, kept from everything but this machine. */

import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ROOT } from "./server.mjs";

// The packages are the page's development dependencies.
const require = createRequire(join(ROOT, "frontend/package.json"));
const { chromium } = require("playwright-core");
export const { AxeBuilder } = require("@axe-core/playwright");

const CHROMIUM = process.env.CHROMIUM_PATH || "/usr/bin/chromium";
const SWITCHES = [
  "--headless=new",
  "--no-sandbox",
  "--disable-gpu",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/**
 * @param {{width: number, height: number}} viewport
 * @returns page, what went wrong in it, the hosts it talked to, and how to close it
 */
export async function openBrowser(viewport = { width: 1440, height: 900 }) {
  if (!existsSync(CHROMIUM)) {
    throw new Error(`No browser at ${CHROMIUM}: apt-get install chromium, or set CHROMIUM_PATH.`);
  }
  const profile = await mkdtemp(join(tmpdir(), "vitrine-chromium-"));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: CHROMIUM,
    // Playwright's own headless switch is the old mode; the new one is in SWITCHES.
    headless: false,
    args: SWITCHES,
    viewport,
    reducedMotion: "reduce",
  });
  context.setDefaultTimeout(60_000);
  const page = context.pages()[0] ?? (await context.newPage());
  const problems = [];
  const hosts = new Set();
  page.on("pageerror", (error) => problems.push(`page error: ${error.message}`));
  page.on("console", (message) => {
    if (message.type() === "error") {
      problems.push(`console: ${message.text()}`);
    }
  });
  page.on("request", (request) => hosts.add(new URL(request.url()).hostname));
  const close = async () => {
    await context.close();
    await rm(profile, { recursive: true, force: true });
  };
  return { page, problems, hosts, close };
}

/** Waits until the viewer has stopped drawing. */
export async function settled(page, canvas = page.locator("canvas")) {
  await canvas.waitFor();
  let before = null;
  for (let tries = 0; tries < 100; tries++) {
    const frame = await canvas.getAttribute("data-frame");
    if (frame === before && frame !== "0") {
      return;
    }
    before = frame;
    await page.waitForTimeout(150);
  }
  throw new Error("The viewer never stopped drawing.");
}

/** What the canvas shows: a number for all of its pixels, and how many differ from black. */
export async function canvasPixels(page) {
  await settled(page);
  return page.locator("canvas").evaluate((canvas) => {
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    let hash = 2166136261;
    let lit = 0;
    for (let at = 0; at < data.length; at += 4) {
      const value = (data[at] << 16) | (data[at + 1] << 8) | data[at + 2];
      lit += value ? 1 : 0;
      hash = Math.imul(hash ^ value, 16777619);
    }
    return { hash: hash >>> 0, lit, total: data.length / 4 };
  });
}
