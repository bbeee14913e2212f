/** Codebook, notes, names, own images, deleting. */

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { canvasPixels } from "../support/browser.mjs";
import { assertAccessible, journey, newestPrediction, screenshot } from "../support/journey.mjs";
import { spotImage } from "../support/png.mjs";

describe("codebook, notes and names", () => {
  it("says that the codebook is auxiliary", async () => {
    await journey.page.getByRole("tab", { name: "Codebook" }).click();
    await journey.page.getByText("Auxiliary: not on the path to the prediction").waitFor();
    await journey.page.mouse.move(5, 5);
    const all = await canvasPixels(journey.page);
    await journey.page
      .getByRole("button", { name: /^Code \d+/ })
      .first()
      .hover();
    if ((await journey.page.getByRole("button", { name: /^Code \d+/ }).count()) > 1) {
      assert.notEqual((await canvasPixels(journey.page)).hash, all.hash);
    }
    await screenshot("6-codebook");
    await assertAccessible("the codebook");
  });

  it("keeps notes and pseudonym", async () => {
    await journey.page.getByRole("tab", { name: "Case and notes" }).click();
    await journey.page.getByRole("textbox", { name: "Notes" }).fill("second opinion wanted");
    await journey.page.getByText("Saved", { exact: true }).waitFor();
    const name = journey.page.getByLabel("Pseudonym of the case");
    await name.fill("Reader case 1");
    await name.press("Enter");
    await assertAccessible("case and notes");
    await screenshot("7-notes");
    await journey.page.waitForFunction(() => document.title.startsWith("Reader case 1"));
    await journey.page.reload();
    await journey.page.getByRole("tab", { name: "Case and notes" }).click();
    await journey.page.getByText("Saved", { exact: true }).waitFor();
    assert.equal(
      await journey.page.getByRole("textbox", { name: "Notes" }).inputValue(),
      "second opinion wanted",
    );
    assert.equal(await name.inputValue(), "Reader case 1");
  });
});

describe("own images", () => {
  it("become a case with a prediction in one step", async () => {
    await journey.page.getByRole("link", { name: "Back to the cases" }).click();
    const file = { name: "spot.png", mimeType: "image/png", buffer: spotImage() };
    await journey.page.locator("input[type=file]:not([webkitdirectory])").setInputFiles(file);
    await journey.page.waitForURL(/\/cases\/[0-9a-f]{32}$/);
    await journey.page.locator("[data-option]").first().waitFor();
    const { entry, prediction } = await newestPrediction();
    assert.equal(entry.filename, "spot.png");
    assert.deepEqual([entry.width, entry.height, entry.synthetic], [320, 240, false]);
    assert.equal(await journey.page.getByText("Synthetic image").count(), 0);
    const top = prediction.classes.find(({ key }) => key === prediction.predicted_class);
    await journey.page.locator("[aria-live=polite]", { hasText: top.name }).waitFor();
    const pixels = await canvasPixels(journey.page);
    assert.ok(pixels.lit > 0.2 * pixels.total);
    await screenshot("8-own-image");
  });

  it("may be dropped several at once; what is no image is refused in words", async () => {
    await journey.page.goto(journey.url);
    await journey.page.locator("table").waitFor();
    const images = [spotImage(200, 200), spotImage(210, 200)].map((png) => png.toString("base64"));
    const transfer = await journey.page.evaluateHandle((encoded) => {
      const [first, second] = encoded.map((base64) =>
        Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0)),
      );
      const data = new DataTransfer();
      data.items.add(new File([first], "first.png", { type: "image/png" }));
      data.items.add(new File(["a letter, not an image"], "letter.png", { type: "image/png" }));
      data.items.add(new File([second], "second.png", { type: "image/png" }));
      return data;
    }, images);
    await journey.page.dispatchEvent("body", "dragenter", { dataTransfer: transfer });
    await journey.page.getByText("Drop images to add them as cases").waitFor();
    await journey.page.dispatchEvent("body", "drop", { dataTransfer: transfer });
    const tray = journey.page.getByRole("complementary", { name: "Uploads" });
    await tray.getByText("3 files, finished, 1 failed").waitFor();
    await tray.getByText(/TIFF, WebP/).waitFor();
    await screenshot("9-uploads");
    await assertAccessible("uploads over the case list");
    await journey.page.locator("tbody tr").nth(3).waitFor();
    assert.equal(await journey.page.locator("tbody tr").count(), 4);
  });

  it("stand beside the examples, which stay at hand", async () => {
    await journey.page.getByRole("button", { name: "Examples" }).click();
    await journey.page
      .getByRole("dialog")
      .getByRole("button", { name: /example 1/ })
      .first()
      .waitFor();
    await journey.page.waitForLoadState("networkidle");
    await screenshot("9-gallery");
    await assertAccessible("the gallery");
    await journey.page.keyboard.press("Escape");
    await journey.page.getByRole("dialog").waitFor({ state: "detached" });
  });

  it("are found by name and can be deleted", async () => {
    await journey.page.getByRole("searchbox").fill("Reader case");
    await journey.page.getByText("1 found").waitFor();
    await journey.page.getByRole("link", { name: "Reader case 1" }).click();
    await journey.page.getByRole("tab", { name: "Case and notes" }).click();
    await journey.page.getByRole("button", { name: /Delete this case/ }).click();
    await journey.page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
    await journey.page.locator("table").waitFor();
    assert.equal(await journey.page.getByText("Reader case 1").count(), 0);
  });
});
