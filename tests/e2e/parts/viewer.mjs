/** The viewer, by what its canvas shows. */

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { canvasPixels, settled } from "../support/browser.mjs";
import {
  assertAccessible,
  journey,
  legend,
  newestPrediction,
  option,
  screenshot,
} from "../support/journey.mjs";

describe("the viewer", () => {
  it("draws another picture for every map", async () => {
    await journey.page.mouse.move(5, 5);
    const seen = new Map();
    for (const name of ["Original", "Grad-CAM", "Magnet", "Index map"]) {
      await journey.page.getByRole("radiogroup", { name: "Map" }).getByText(name).click();
      await journey.page.mouse.move(5, 5);
      const pixels = await canvasPixels(journey.page);
      assert.ok(pixels.lit > 0.2 * pixels.total, `${name} is almost black`);
      seen.set(pixels.hash, name);
    }
    assert.equal(seen.size, 4, [...seen.values()].join());
    await journey.page.getByText("Auxiliary: not on the path").waitFor();
    await screenshot("3-index-map");
  });

  it("shows an option's Grad-CAM while it is pointed at, a group's Magnet map, and keeps a click", async () => {
    const { prediction } = await newestPrediction();
    const [first, second] = prediction.groups;
    await option(first.options[0].id).click();
    await journey.page.mouse.move(5, 5);
    const pinned = await canvasPixels(journey.page);
    assert.match(await legend().innerText(), /Grad-CAM[\s\S]*On the path to the prediction/);

    await journey.page.locator(`[data-group="${second.key}"]`).hover();
    assert.match(await legend().innerText(), new RegExp(`Magnet[\\s\\S]*${second.name}`));
    const magnet = await canvasPixels(journey.page);
    assert.notEqual(magnet.hash, pinned.hash);

    await journey.page.mouse.move(5, 5);
    assert.equal((await canvasPixels(journey.page)).hash, pinned.hash);
  });

  it("changes colormap, opacity, window and layout by key, and each is seen", async () => {
    const { prediction } = await newestPrediction();
    await journey.page.locator(`[data-group="${prediction.groups[0].key}"]`).click();
    await journey.page.mouse.move(5, 5);
    await journey.page.locator("canvas").focus();
    const hashes = [(await canvasPixels(journey.page)).hash];
    for (const key of ["c", "[", "i", "s", "+", "ArrowLeft", "f"]) {
      await journey.page.keyboard.press(key);
      const { hash } = await canvasPixels(journey.page);
      assert.notEqual(hash, hashes.at(-1), `nothing changed after ${key}`);
      hashes.push(hash);
    }
    await screenshot("4-side-by-side");
    await journey.page.keyboard.press("s");
    await journey.page.keyboard.press("r");
    await journey.page.keyboard.press("]");
    for (let step = 0; step < 4; step++) {
      await journey.page.keyboard.press("c");
    }
    assert.equal(
      (await canvasPixels(journey.page)).hash,
      hashes[0],
      "undoing everything gives the first picture",
    );
  });

  it("reads values under the pointer and zooms at it", async () => {
    const box = await journey.page.locator("canvas").boundingBox();
    const middle = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
    await journey.page.mouse.move(middle.x, middle.y);
    await settled(journey.page);
    const probe = journey.page.getByTestId("probe");
    const pixelText = async () => (await probe.innerText()).match(/Pixel\s*(\d+, \d+)/)[1];
    const before = await pixelText();
    assert.match(await probe.innerText(), /Magnet\s*[\d.]+/);
    await journey.page.mouse.wheel(0, -300);
    await settled(journey.page);
    assert.equal(await pixelText(), before);
    await journey.page.keyboard.press("f");
    await journey.page.mouse.move(5, 5);
  });

  it("sets window and level with the right button", async () => {
    const plain = await canvasPixels(journey.page);
    const box = await journey.page.locator("canvas").boundingBox();
    await journey.page.mouse.move(box.x + 300, box.y + 200);
    await journey.page.mouse.down({ button: "right" });
    await journey.page.mouse.move(box.x + 200, box.y + 260, { steps: 4 });
    await journey.page.mouse.up({ button: "right" });
    await journey.page.getByText(/^Level \d+, width \d+$/).waitFor();
    await journey.page.mouse.move(5, 5);
    assert.notEqual((await canvasPixels(journey.page)).hash, plain.hash);
    await journey.page.locator("canvas").focus();
    await journey.page.keyboard.press("r");
    assert.equal((await canvasPixels(journey.page)).hash, plain.hash);
  });

  it("moves the image by dragging, and sets window and level by dragging in its mode", async () => {
    const fitted = await canvasPixels(journey.page);
    const box = await journey.page.locator("canvas").boundingBox();
    const drag = async () => {
      await journey.page.mouse.move(box.x + 300, box.y + 300);
      await journey.page.mouse.down();
      await journey.page.mouse.move(box.x + 340, box.y + 250, { steps: 4 });
      await journey.page.mouse.up();
      await journey.page.mouse.move(5, 5);
      return canvasPixels(journey.page);
    };
    const panned = await drag();
    assert.notEqual(panned.hash, fitted.hash);
    await journey.page.keyboard.press("w");
    const windowed = await drag();
    assert.notEqual(windowed.hash, panned.hash);
    await journey.page.getByText(/^Level \d+, width \d+$/).waitFor();
    for (const key of ["w", "r", "f"]) {
      await journey.page.keyboard.press(key);
    }
    assert.equal((await canvasPixels(journey.page)).hash, fitted.hash);
  });

  it("explains its keys", async () => {
    await journey.page.keyboard.press("?");
    await journey.page.getByRole("dialog", { name: "Keys and mouse" }).waitFor();
    await screenshot("5-help");
    await assertAccessible("the help sheet");
    await journey.page.keyboard.press("Escape");
    await journey.page.getByRole("dialog").waitFor({ state: "detached" });
  });
});
