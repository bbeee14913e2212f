/** Two kinds of images: each example gets its own model, an own image a suggestion that can be changed. */

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { canvasPixels, settled } from "../support/browser.mjs";
import { assertAccessible, journey, newestPrediction, screenshot } from "../support/journey.mjs";
import { patternImage } from "../support/png.mjs";

const gallery = () => journey.page.getByRole("dialog", { name: /Examples/ });

/** Waits until the page shows what the server has as the newest prediction. */
async function shown() {
  await journey.page.locator("[data-option]").first().waitFor();
  const { entry, prediction } = await newestPrediction();
  const top = prediction.classes.find(({ key }) => key === prediction.predicted_class);
  await journey.page.locator("[aria-live=polite]", { hasText: top.name }).waitFor();
  await journey.page.getByRole("link", { name: prediction.model.name }).waitFor();
  return { entry, prediction };
}

describe("two kinds of images", () => {
  it("stand apart in the gallery", async () => {
    await journey.page.goto(journey.url);
    await journey.page.getByRole("button", { name: "Examples" }).click();
    for (const [name, count] of [
      ["Dermoscopy", 14],
      ["Ultrasound", 6],
    ]) {
      const examples = gallery().getByRole("region", { name }).getByRole("button");
      await examples.first().waitFor();
      assert.equal(await examples.count(), count);
    }
  });

  it("get the model of their kind", async () => {
    await gallery().getByRole("button", { name: "Malignant, example 1" }).click();
    await journey.page.waitForURL(/\/cases\/[0-9a-f]{32}$/);
    const { entry, prediction } = await shown();
    assert.equal(entry.dataset, "synthetic-ultrasound");
    assert.deepEqual(
      prediction.groups.map(({ key }) => key),
      ["shape", "margin", "orientation", "posterior", "echo"],
    );
    assert.equal(await journey.page.getByText(/^Taken for:/).count(), 0);
    const pixels = await canvasPixels(journey.page);
    assert.ok(pixels.lit > 0.2 * pixels.total);
    await screenshot("10-ultrasound");
    await assertAccessible("an ultrasound case");
  });

  it("are told apart by their colours where nothing else is known", async () => {
    await journey.page.getByRole("link", { name: "Back to the cases" }).click();
    const file = { name: "grey.png", mimeType: "image/png", buffer: patternImage(7) };
    await journey.page.locator("input[type=file]:not([webkitdirectory])").setInputFiles(file);
    await journey.page.waitForURL(/\/cases\/[0-9a-f]{32}$/);
    await journey.page.getByText("Taken for: Breast ultrasound").waitFor();
    const { entry, prediction } = await shown();
    assert.deepEqual([entry.dataset, prediction.model_choice], [null, "image"]);
    await settled(journey.page);
    await screenshot("10-suggestion");
    await assertAccessible("a suggested model");
  });

  it("are explained by the other model when the reader says so, for good", async () => {
    await journey.page
      .getByRole("button", { name: /Explain with/ })
      .first()
      .click();
    await journey.page.getByRole("button", { name: /^synthetic-dermoscopy/ }).click();
    await journey.page.getByText("Taken for: Breast ultrasound").waitFor({ state: "detached" });
    const { entry, prediction } = await shown();
    assert.equal(prediction.model.name, "synthetic-dermoscopy");
    assert.equal(prediction.groups.length, 7);
    assert.equal(entry.dataset, "synthetic-dermoscopy");
    await journey.page.reload();
    await shown();
    assert.equal(await journey.page.getByText(/^Taken for:/).count(), 0);
  });
});
