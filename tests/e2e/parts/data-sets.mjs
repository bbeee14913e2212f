/** A data set of one's own: imported, looked at, deleted. */

import assert from "node:assert/strict";
import { copyFile, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { before, describe, it } from "node:test";
import {
  assertAccessible,
  assertNotForDiagnosis,
  journey,
  screenshot,
} from "../support/journey.mjs";
import { patternImage } from "../support/png.mjs";

const CLASSES = ["lumpy", "smooth"];
const IMAGES_PER_CLASS = 12;

/** A folder per class; one picture stands in both, and one twice in the same. */
async function makeTree(root) {
  for (const [at, name] of CLASSES.entries()) {
    await mkdir(join(root, name), { recursive: true });
    for (let number = 1; number <= IMAGES_PER_CLASS; number++) {
      await writeFile(join(root, name, `${number}.png`), patternImage(100 * at + number));
    }
  }
  await copyFile(join(root, "lumpy/1.png"), join(root, "smooth/copy.png"));
  await copyFile(join(root, "lumpy/2.png"), join(root, "lumpy/again.png"));
  await writeFile(join(root, "lumpy/broken.png"), "a letter, not an image");
}

const inDialog = () => journey.page.getByRole("dialog", { name: "Import a data set" });

describe("data sets", () => {
  before(() => makeTree(join(journey.server.data, "import", "my-clinic")));

  it("are listed, with those that come with Vitrine", async () => {
    await journey.page.goto(journey.url);
    await journey.page.getByRole("link", { name: "Data sets" }).click();
    await journey.page.getByRole("link", { name: /dermoscopy/i }).waitFor();
    await journey.page.getByText("Nothing imported yet").waitFor();
    await screenshot("12-data-sets");
    await assertAccessible("the data sets");
    await assertNotForDiagnosis();
  });

  it("are imported from a folder on the server, held against what is expected", async () => {
    await journey.page.getByRole("button", { name: "Import a data set" }).click();
    await inDialog()
      .getByRole("radio", { name: /folder per class/i })
      .check();
    await inDialog().getByRole("button", { name: "my-clinic" }).click();
    await inDialog().getByRole("button", { name: "lumpy" }).waitFor();
    assert.equal(await inDialog().getByLabel("3. Name").inputValue(), "my-clinic");
    await screenshot("12-import");
    await assertAccessible("the import dialog");
    await inDialog().getByRole("button", { name: "Start the import" }).click();
    await inDialog().waitFor({ state: "detached" });
  });

  it("show their progress until they are ready", async () => {
    const row = journey.page.locator("tr", { hasText: "my-clinic" });
    await row.getByText("ready").or(row.getByRole("progressbar")).first().waitFor();
    await row.getByText("ready").waitFor();
    await row.getByText(String(2 * IMAGES_PER_CLASS + 2), { exact: true }).waitFor();
  });

  it("have a page with counts, contact sheet and unreadable files", async () => {
    await journey.page.locator("tr", { hasText: "my-clinic" }).getByRole("link").click();
    const table = journey.page.getByRole("table", { name: /Images of each class/ });
    await table.waitFor();
    const all = await table.locator("tfoot td").last().innerText();
    assert.equal(all, String(2 * IMAGES_PER_CLASS + 2));
    await journey.page.getByText("lumpy/broken.png", { exact: true }).waitFor();
    const sheet = journey.page.getByRole("img", { name: /^Contact sheet/ });
    assert.ok(await sheet.evaluate((image) => image.naturalWidth > 100));
    await sheet.click();
    await journey.page.getByRole("dialog", { name: /contact sheet/ }).waitFor();
    await journey.page.keyboard.press("Escape");
    await journey.page.getByRole("dialog").waitFor({ state: "detached" });
    await screenshot("13-data-set");
    await assertAccessible("a data set's page");
    await assertNotForDiagnosis();
  });

  it("report copies, and the pair that carries two labels side by side", async () => {
    const report = journey.page.getByRole("region", { name: "The same image more than once" });
    await report.getByText("2 groups of near-identical images (4 images)").waitFor();
    await report.getByText(/^1 pair carries different labels/).waitFor();
    assert.equal(await report.getByRole("article").count(), 2);
    await report.getByRole("checkbox", { name: "Only where labels disagree" }).check();
    const pair = report.getByRole("article", { name: "2 images, lumpy and smooth" });
    await pair.waitFor();
    await report.getByRole("article").nth(1).waitFor({ state: "detached" });
    assert.match(await pair.innerText(), /labels disagree[\s\S]*similarity/);
    await pair.getByRole("button").click();
    const dialog = journey.page.getByRole("dialog", { name: /different labels/ });
    await dialog.getByText("A: lumpy").waitFor();
    await dialog.getByText("B: smooth").waitFor();
    const images = dialog.locator("img");
    assert.equal(await images.count(), 2);
    await journey.page.waitForFunction(() =>
      [...document.querySelectorAll('[role="dialog"] img')].every(
        (image) => image.naturalWidth > 0,
      ),
    );
    await screenshot("13-disagreement");
    await assertAccessible("a disagreement");
    await journey.page.keyboard.press("Escape");
    await journey.page.getByRole("dialog").waitFor({ state: "detached" });
  });

  it("are deleted only after a second yes", async () => {
    await journey.page.getByRole("button", { name: "Delete …" }).click();
    await journey.page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
    await journey.page.getByText("Nothing imported yet").waitFor();
    assert.equal(await journey.page.getByText("my-clinic").count(), 0);
  });

  it("say in full why an import failed, and begin again with the same settings", async () => {
    await journey.page.getByRole("button", { name: "Import a data set" }).click();
    await inDialog().getByRole("radio", { name: /BUSI/ }).check();
    await inDialog().getByRole("button", { name: "my-clinic" }).click();
    await inDialog().getByRole("button", { name: "lumpy" }).waitFor();
    await inDialog().getByRole("button", { name: "Start the import" }).click();
    const alert = journey.page.getByRole("alert", { name: "" }).filter({ hasText: "failed" });
    await alert
      .getByText(/benign/)
      .first()
      .waitFor();
    await screenshot("13-failed-import");
    await assertAccessible("a failed import");
    await alert.getByRole("button", { name: "Try again …" }).click();
    assert.ok(await inDialog().getByRole("radio", { name: /BUSI/ }).isChecked());
    await journey.page.keyboard.press("Escape");
    await inDialog().waitFor({ state: "detached" });
    await alert.getByRole("button", { name: "Remove from the list …" }).click();
    await journey.page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
    await journey.page.getByText("Nothing imported yet").waitFor();
  });
});
