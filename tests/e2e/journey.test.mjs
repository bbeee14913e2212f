/**
 * The journey through the page in a real browser, against a real server with a real model:
 * an example, an own image, the prediction, the maps, and everything that could go wrong on the way.
 * `npm run e2e` in frontend/ or `make e2e`. Screenshots go to test-results/.
 */

import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { AxeBuilder, canvasPixels, openBrowser, settled } from "./support/browser.mjs";
import { spotImage } from "./support/png.mjs";
import { ROOT, startServer } from "./support/server.mjs";

const RESULTS = join(ROOT, "test-results");

let server;
let browser;
let page;

before(async () => {
  await mkdir(RESULTS, { recursive: true });
  server = await startServer();
  browser = await openBrowser();
  page = browser.page;
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

const screenshot = (name) => page.screenshot({ path: join(RESULTS, `${name}.png`) });

async function assertAccessible(what) {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const found = violations.map(
    ({ id, help, nodes }) => `${id}: ${help}\n    ${nodes.map((node) => node.html).join("\n    ")}`,
  );
  assert.deepEqual(found, [], `axe on ${what}`);
}

async function assertNotForDiagnosis() {
  await page.locator("footer", { hasText: "Research use only. Not for diagnosis." }).waitFor();
}

const legend = () => page.getByTestId("legend");
const option = (id) => page.locator(`[data-option="${id}"]`);

/** The newest case and its newest prediction, from the server. */
async function newestPrediction() {
  const { items: cases } = await fetch(`${server.url}/api/v1/cases`).then((answer) =>
    answer.json(),
  );
  const { items } = await fetch(`${server.url}/api/v1/cases/${cases[0].id}/predictions`).then(
    (answer) => answer.json(),
  );
  return { entry: cases[0], prediction: items[0] };
}

describe("an empty installation", () => {
  it("offers examples, which are marked as synthetic", async () => {
    await page.goto(server.url);
    await page.getByRole("heading", { name: "No cases yet" }).waitFor();
    await page.getByText("They are synthetic").waitFor();
    await page.waitForLoadState("networkidle");
    await screenshot("1-examples");
    await assertAccessible("the empty list");
    await assertNotForDiagnosis();
  });

  it("explains an example at once", async () => {
    await page
      .getByRole("button", { name: /example 1/ })
      .first()
      .click();
    await page.waitForURL(/\/cases\/[0-9a-f]{32}$/);
    await page.getByText("Synthetic image").first().waitFor();
    await page.locator("[data-option]").first().waitFor();
    await settled(page);
    await screenshot("2-case");
    await assertAccessible("the case page");
    await assertNotForDiagnosis();
  });
});

describe("the prediction", () => {
  it("is the server's, with every class, group and option", async () => {
    const { prediction } = await newestPrediction();
    const top = prediction.classes.find(({ key }) => key === prediction.predicted_class);
    await page.locator("[aria-live=polite]", { hasText: top.name }).waitFor();
    assert.equal(await page.getByRole("radio").count(), prediction.classes.length + 6);
    for (const group of prediction.groups) {
      await page.locator(`[data-group="${group.key}"]`).waitFor();
      for (const { id } of group.options) {
        assert.equal(await option(id).count(), 1, id);
      }
    }
  });

  it("adds up on screen, for every class", async () => {
    const { prediction } = await newestPrediction();
    for (const entry of prediction.classes) {
      await page.locator("label", { hasText: entry.name }).first().click();
      const sum = page.getByRole("group", { name: `How the logit of ${entry.name} adds up` });
      const text = (await sum.innerText()).replaceAll("−", "-");
      const [bias, supporting, opposing, logit] = text.match(/[+-]?\d+\.\d\d/g).map(Number);
      assert.ok(Math.abs(bias + supporting + opposing - logit) < 0.025, text);
      assert.ok(Math.abs(logit - entry.logit) < 0.006, `${text} is not ${entry.logit}`);
    }
  });

  it("can be sorted by contribution", async () => {
    await page.getByText("By contribution").click();
    const texts = await page.locator("[data-option]").allInnerTexts();
    const values = texts.map((text) =>
      Number(text.replaceAll("−", "-").match(/[+-]?\d+\.\d\d$/)?.[0]),
    );
    assert.ok(
      values.every((value, at) => at === 0 || value <= values[at - 1]),
      values.join(),
    );
    await page.getByText("By group").click();
  });
});

describe("the viewer", () => {
  it("draws another picture for every map", async () => {
    await page.mouse.move(5, 5);
    const seen = new Map();
    for (const name of ["Original", "Grad-CAM", "Magnet", "Index map"]) {
      await page.getByRole("radiogroup", { name: "Map" }).getByText(name).click();
      await page.mouse.move(5, 5);
      const pixels = await canvasPixels(page);
      assert.ok(pixels.lit > 0.2 * pixels.total, `${name} is almost black`);
      seen.set(pixels.hash, name);
    }
    assert.equal(seen.size, 4, [...seen.values()].join());
    await page.getByText("Auxiliary: not on the path").waitFor();
    await screenshot("3-index-map");
  });

  it("shows an option's Grad-CAM while it is pointed at, a group's Magnet map, and keeps a click", async () => {
    const { prediction } = await newestPrediction();
    const [first, second] = prediction.groups;
    await option(first.options[0].id).click();
    await page.mouse.move(5, 5);
    const pinned = await canvasPixels(page);
    assert.match(await legend().innerText(), /Grad-CAM[\s\S]*On the path to the prediction/);

    await page.locator(`[data-group="${second.key}"]`).hover();
    assert.match(await legend().innerText(), new RegExp(`Magnet[\\s\\S]*${second.name}`));
    const magnet = await canvasPixels(page);
    assert.notEqual(magnet.hash, pinned.hash);

    await page.mouse.move(5, 5);
    assert.equal((await canvasPixels(page)).hash, pinned.hash);
  });

  it("changes colormap, opacity, window and layout by key, and each is seen", async () => {
    const { prediction } = await newestPrediction();
    await page.locator(`[data-group="${prediction.groups[0].key}"]`).click();
    await page.mouse.move(5, 5);
    await page.locator("canvas").focus();
    const hashes = [(await canvasPixels(page)).hash];
    for (const key of ["c", "[", "i", "s", "+", "ArrowLeft", "f"]) {
      await page.keyboard.press(key);
      const { hash } = await canvasPixels(page);
      assert.notEqual(hash, hashes.at(-1), `nothing changed after ${key}`);
      hashes.push(hash);
    }
    await screenshot("4-side-by-side");
    await page.keyboard.press("s");
    await page.keyboard.press("r");
    await page.keyboard.press("]");
    for (let step = 0; step < 4; step++) {
      await page.keyboard.press("c");
    }
    assert.equal(
      (await canvasPixels(page)).hash,
      hashes[0],
      "undoing everything gives the first picture",
    );
  });

  it("reads values under the pointer and zooms at it", async () => {
    const box = await page.locator("canvas").boundingBox();
    const middle = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
    await page.mouse.move(middle.x, middle.y);
    await settled(page);
    const probe = page.getByTestId("probe");
    const pixelText = async () => (await probe.innerText()).match(/Pixel\s*(\d+, \d+)/)[1];
    const before = await pixelText();
    assert.match(await probe.innerText(), /Magnet\s*[\d.]+/);
    await page.mouse.wheel(0, -300);
    await settled(page);
    assert.equal(await pixelText(), before);
    await page.keyboard.press("f");
    await page.mouse.move(5, 5);
  });

  it("sets window and level with the right button", async () => {
    const plain = await canvasPixels(page);
    const box = await page.locator("canvas").boundingBox();
    await page.mouse.move(box.x + 300, box.y + 200);
    await page.mouse.down({ button: "right" });
    await page.mouse.move(box.x + 200, box.y + 260, { steps: 4 });
    await page.mouse.up({ button: "right" });
    await page.getByText(/^Level \d+, width \d+$/).waitFor();
    await page.mouse.move(5, 5);
    assert.notEqual((await canvasPixels(page)).hash, plain.hash);
    await page.locator("canvas").focus();
    await page.keyboard.press("r");
    assert.equal((await canvasPixels(page)).hash, plain.hash);
  });

  it("moves the image by dragging, and sets window and level by dragging in its mode", async () => {
    const fitted = await canvasPixels(page);
    const box = await page.locator("canvas").boundingBox();
    const drag = async () => {
      await page.mouse.move(box.x + 300, box.y + 300);
      await page.mouse.down();
      await page.mouse.move(box.x + 340, box.y + 250, { steps: 4 });
      await page.mouse.up();
      await page.mouse.move(5, 5);
      return canvasPixels(page);
    };
    const panned = await drag();
    assert.notEqual(panned.hash, fitted.hash);
    await page.keyboard.press("w");
    const windowed = await drag();
    assert.notEqual(windowed.hash, panned.hash);
    await page.getByText(/^Level \d+, width \d+$/).waitFor();
    for (const key of ["w", "r", "f"]) {
      await page.keyboard.press(key);
    }
    assert.equal((await canvasPixels(page)).hash, fitted.hash);
  });

  it("explains its keys", async () => {
    await page.keyboard.press("?");
    await page.getByRole("dialog", { name: "Keys and mouse" }).waitFor();
    await screenshot("5-help");
    await assertAccessible("the help sheet");
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
  });
});

describe("codebook, notes and names", () => {
  it("says that the codebook is auxiliary", async () => {
    await page.getByRole("tab", { name: "Codebook" }).click();
    await page.getByText("Auxiliary: not on the path to the prediction").waitFor();
    await page.mouse.move(5, 5);
    const all = await canvasPixels(page);
    await page
      .getByRole("button", { name: /^Code \d+/ })
      .first()
      .hover();
    if ((await page.getByRole("button", { name: /^Code \d+/ }).count()) > 1) {
      assert.notEqual((await canvasPixels(page)).hash, all.hash);
    }
    await screenshot("6-codebook");
    await assertAccessible("the codebook");
  });

  it("keeps notes and pseudonym", async () => {
    await page.getByRole("tab", { name: "Case and notes" }).click();
    await page.getByRole("textbox", { name: "Notes" }).fill("second opinion wanted");
    await page.getByText("Saved", { exact: true }).waitFor();
    const name = page.getByLabel("Pseudonym of the case");
    await name.fill("Reader case 1");
    await name.press("Enter");
    await assertAccessible("case and notes");
    await screenshot("7-notes");
    await page.waitForFunction(() => document.title.startsWith("Reader case 1"));
    await page.reload();
    await page.getByRole("tab", { name: "Case and notes" }).click();
    await page.getByText("Saved", { exact: true }).waitFor();
    assert.equal(
      await page.getByRole("textbox", { name: "Notes" }).inputValue(),
      "second opinion wanted",
    );
    assert.equal(await name.inputValue(), "Reader case 1");
  });
});

describe("own images", () => {
  it("become a case with a prediction in one step", async () => {
    await page.getByRole("link", { name: "Back to the cases" }).click();
    const file = { name: "spot.png", mimeType: "image/png", buffer: spotImage() };
    await page.locator("input[type=file]").setInputFiles(file);
    await page.waitForURL(/\/cases\/[0-9a-f]{32}$/);
    await page.locator("[data-option]").first().waitFor();
    const { entry, prediction } = await newestPrediction();
    assert.equal(entry.filename, "spot.png");
    assert.deepEqual([entry.width, entry.height, entry.synthetic], [320, 240, false]);
    assert.equal(await page.getByText("Synthetic image").count(), 0);
    const top = prediction.classes.find(({ key }) => key === prediction.predicted_class);
    await page.locator("[aria-live=polite]", { hasText: top.name }).waitFor();
    const pixels = await canvasPixels(page);
    assert.ok(pixels.lit > 0.2 * pixels.total);
    await screenshot("8-own-image");
  });

  it("may be dropped several at once; what is no image is refused in words", async () => {
    await page.goto(server.url);
    await page.locator("table").waitFor();
    const image = spotImage(200, 200).toString("base64");
    const transfer = await page.evaluateHandle((base64) => {
      const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
      const data = new DataTransfer();
      data.items.add(new File([bytes], "first.png", { type: "image/png" }));
      data.items.add(new File(["a letter, not an image"], "letter.png", { type: "image/png" }));
      data.items.add(new File([bytes], "second.png", { type: "image/png" }));
      return data;
    }, image);
    await page.dispatchEvent("body", "dragenter", { dataTransfer: transfer });
    await page.getByText("Drop images to add them as cases").waitFor();
    await page.dispatchEvent("body", "drop", { dataTransfer: transfer });
    const tray = page.getByRole("complementary", { name: "Uploads" });
    await tray.getByText("3 files, finished, 1 failed").waitFor();
    await tray.getByText(/PNG, JPEG, TIFF, WebP/).waitFor();
    await screenshot("9-uploads");
    await assertAccessible("uploads over the case list");
    await page.locator("tbody tr").nth(3).waitFor();
    assert.equal(await page.locator("tbody tr").count(), 4);
  });

  it("stand beside the examples, which stay at hand", async () => {
    await page.getByRole("button", { name: "Examples" }).click();
    await page
      .getByRole("dialog")
      .getByRole("button", { name: /example 1/ })
      .first()
      .waitFor();
    await page.waitForLoadState("networkidle");
    await screenshot("9-gallery");
    await assertAccessible("the gallery");
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
  });

  it("are found by name and can be deleted", async () => {
    await page.getByRole("searchbox").fill("Reader case");
    await page.getByText("1 found").waitFor();
    await page.getByRole("link", { name: "Reader case 1" }).click();
    await page.getByRole("tab", { name: "Case and notes" }).click();
    await page.getByRole("button", { name: /Delete this case/ }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
    await page.locator("table").waitFor();
    assert.equal(await page.getByText("Reader case 1").count(), 0);
  });
});

describe("the other pages", () => {
  it("show the model with its card", async () => {
    await page.getByRole("link", { name: "Models" }).click();
    await page.getByRole("region", { name: "Model card" }).waitFor();
    await screenshot("10-models");
    await assertAccessible("the models page");
    await assertNotForDiagnosis();
  });

  it("say when there is nothing at an address", async () => {
    await page.goto(`${server.url}/nowhere`);
    await page.getByText("There is no page at this address").waitFor();
    await assertAccessible("the page for unknown addresses");
    await assertNotForDiagnosis();
  });

  for (const [width, height] of [
    [1024, 768],
    [1280, 720],
    [2560, 1440],
  ]) {
    it(`fit into ${width} × ${height}`, async () => {
      await page.setViewportSize({ width, height });
      await page.goto(server.url);
      await page.locator("tbody a").first().click();
      await page.locator("[data-option]").first().waitFor();
      await settled(page);
      // The page itself never scrolls, so what is too wide would only be cut off.
      const parts = await page
        .locator("header, footer, main section, main aside, main [aria-pressed]")
        .evaluateAll((all) =>
          all.map((part) => {
            const { left, right } = part.getBoundingClientRect();
            return { left, right };
          }),
        );
      assert.ok(parts.length > 20);
      for (const { left, right } of parts) {
        assert.ok(left >= 0 && right <= width + 0.5, `from ${left} to ${right}`);
      }
      await screenshot(`11-case-${width}`);
    });
  }
});

describe("all the while", () => {
  it("nothing was asked of another machine, and nothing broke", async () => {
    await writeFile(join(RESULTS, "problems.txt"), browser.problems.join("\n"));
    assert.deepEqual([...browser.hosts], ["127.0.0.1"]);
    // The refused upload is a 4xx that the browser itself reports.
    const unexpected = browser.problems.filter((problem) => !/status of 4\d\d/.test(problem));
    assert.deepEqual(unexpected, []);
  });
});
