/** A real Vitrine server on a free port with an empty data folder, for as long as a test needs it. */

import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { cp, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";

export const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const VITRINE = join(ROOT, ".venv/bin/vitrine");
const START_SECONDS = 180;

/** The administrator that the server begins with. */
export const ADMIN = {
  email: "anna@hospital.example",
  password: "correct-horse-battery-staple-42",
};

/**
 * @returns {Promise<{url: string, data: string, stop: () => Promise<void>}>} address, data folder, how to end it
 */
export async function startServer() {
  if (!existsSync(VITRINE)) {
    throw new Error(`${VITRINE} is missing: run "make setup" first.`);
  }
  if (!existsSync(join(ROOT, "frontend/dist/index.html"))) {
    throw new Error('frontend/dist is missing: run "make setup" first.');
  }
  const data = await mkdtemp(join(tmpdir(), "vitrine-e2e-"));
  await addModel(data);
  const child = spawn(VITRINE, ["serve", "--port", "0"], {
    cwd: ROOT,
    env: {
      ...process.env,
      VITRINE_DATA_DIR: data,
      VITRINE_ADMIN_EMAIL: ADMIN.email,
      VITRINE_ADMIN_PASSWORD: ADMIN.password,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  child.stdout.on("data", (text) => (output += text));
  child.stderr.on("data", (text) => (output += text));
  const stop = async () => {
    if (child.exitCode === null) {
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGTERM");
      await ended;
    }
    await rm(data, { recursive: true, force: true });
  };
  try {
    const url = await address(child, () => output);
    await ready(url, () => output);
    return { url, data, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Another checkpoint than the shipped ones, by the environment variable VITRINE_E2E_CHECKPOINT. */
async function addModel(data) {
  const checkpoint = process.env.VITRINE_E2E_CHECKPOINT;
  if (checkpoint) {
    const models = join(data, "models");
    await mkdir(models, { recursive: true });
    await cp(checkpoint, join(models, basename(checkpoint)), { recursive: true });
  }
}

/** The address the server prints. */
async function address(child, output) {
  for (let waited = 0; waited < START_SECONDS; waited += 0.1) {
    const found = /http:\/\/127\.0\.0\.1:\d+/.exec(output());
    if (found) {
      return found[0];
    }
    if (child.exitCode !== null) {
      throw new Error(`The server ended with ${child.exitCode}:\n${output()}`);
    }
    await pause(100);
  }
  throw new Error(`The server printed no address within ${START_SECONDS} s:\n${output()}`);
}

/** Waits for the model, so that no test has to. */
async function ready(url, output) {
  let health = null;
  for (let waited = 0; waited < START_SECONDS; waited += 0.2) {
    health = await fetch(`${url}/api/v1/health`)
      .then((answer) => answer.json())
      .catch(() => null);
    if (health?.status === "ok") {
      return;
    }
    await pause(200);
  }
  throw new Error(`The server is not ready: ${JSON.stringify(health)}\n${output()}`);
}

function pause(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
