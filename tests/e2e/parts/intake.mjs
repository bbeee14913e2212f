/** A folder of mixed files, a CT with its true window, and an ultrasound image whose text a person blacks out. */

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { copyFile, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { promisify } from "node:util";
import { canvasPixels } from "../support/browser.mjs";
import { assertAccessible, journey, request, screenshot } from "../support/journey.mjs";
import { spotImage } from "../support/png.mjs";
import { ROOT } from "../support/server.mjs";

const PYTHON = join(ROOT, ".venv", "bin", "python");
const FOLDER_OF_PYDICOM =
  "import pydicom.data, pathlib; print(pathlib.Path(pydicom.data.__file__).parent)";

/** Three good files, two of them the same, and three that nobody could read. */
async function mixedFolder() {
  const { stdout } = await promisify(execFile)(PYTHON, ["-c", FOLDER_OF_PYDICOM]);
  const samples = join(stdout.trim(), "test_files");
  const folder = join(await mkdtemp(join(tmpdir(), "vitrine-")), "mixed");
  await mkdir(join(folder, "deeper"), { recursive: true });
  await copyFile(join(samples, "CT_small.dcm"), join(folder, "IM0001"));
  await copyFile(join(samples, "CT_small.dcm"), join(folder, "deeper", "again.dcm"));
  await copyFile(join(samples, "examples_palette.dcm"), join(folder, "ultrasound.dcm"));
  await copyFile(join(samples, "rtplan.dcm"), join(folder, "plan.dcm"));
  await writeFile(join(folder, "cut.png"), spotImage(300, 200).subarray(0, 900));
  await writeFile(join(folder, "letter.png"), "Dear colleague, this is no image.");
  await writeFile(join(folder, ".DS_Store"), "left out");
  return folder;
}

const cases = async () => (await (await request("GET", "/cases")).json()).items;
// By what the header says: names of DICOM files are not kept.
const caseOf = async (kind) => (await cases()).find(({ modality }) => modality === kind);

describe("files as they are in hospitals", () => {
  it("come as a folder, and each file says what became of it", async () => {
    await journey.page.goto(journey.url);
    await journey.page.getByRole("button", { name: "Add a folder" }).first().waitFor();
    const folder = await mixedFolder();
    await journey.page.locator("input[type=file][webkitdirectory]").setInputFiles(folder);
    const batch = journey.page.getByRole("region", { name: "Folder mixed" });
    // One of the two equal files is stored, the other is there already by then.
    await batch
      .getByText(
        /6 files: 1 stored, 1 of them not explained, 1 already there, 1 needs a look, 3 not taken/,
      )
      .waitFor();
    await batch.getByText("1 file of the operating system or hidden, left out").waitFor();
    await batch.getByText(/object of radiotherapy/).waitFor();
    await batch.getByText(/damaged or incomplete/).waitFor();
    await batch.getByText(/not an image the server reads/).waitFor();
    await screenshot("20-folder");
    await assertAccessible("a folder of mixed files");
    await batch.getByRole("button", { name: "Remove mixed from this list" }).click();
    await rm(join(folder, ".."), { recursive: true });
  });

  it("show a CT in Hounsfield units, with the window that one chooses", async () => {
    const entry = await caseOf("CT");
    assert.equal(entry.filename, null);
    assert.equal((await request("POST", `/cases/${entry.id}/predictions`)).status(), 409); // no model is for it
    assert.match(entry.pseudonym, /^P-/);
    await journey.page.goto(`${journey.url}/cases/${entry.id}`);
    const shown = journey.page.getByTestId("window");
    await shown.getByText(/Full range: centre .* HU/).waitFor();
    const before = await canvasPixels(journey.page);
    await journey.page.locator("body").press("v");
    await shown.getByText("Lung: centre −600, width 1500 HU").waitFor();
    await journey.page.waitForURL(/voi=/);
    assert.notEqual((await canvasPixels(journey.page)).hash, before.hash);
    await screenshot("20-ct");
    await assertAccessible("a CT");
    const { display } = await (await request("GET", `/cases/${entry.id}/display`)).json();
    assert.deepEqual([display.unit, display.slope, display.intercept], ["HU", 1, -1024]);
  });

  it("say what was taken out of the header, and never what it said", async () => {
    await journey.page.getByRole("tab", { name: "Case and notes" }).click();
    await journey.page.getByRole("button", { name: /What was removed/ }).click();
    const dialog = journey.page.getByRole("dialog", { name: "What was removed" });
    await dialog.getByText("(0010,0010)").waitFor();
    const said = (await dialog.innerText()).toLowerCase();
    assert.ok(!said.includes("compressedsamples")); // the name in the file
    await screenshot("20-removed");
    await assertAccessible("what was removed");
    await journey.page.keyboard.press("Escape");
  });

  it("wait for a look where the pixels may hold text, which is blacked out for good", async () => {
    const { id } = await caseOf("US");
    assert.equal((await request("POST", `/cases/${id}/predictions`)).status(), 409);
    await journey.page.goto(`${journey.url}/cases/${id}`);
    await journey.page.getByText("The pixels may hold text about the patient").waitFor();
    await journey.page.getByRole("button", { name: "Add a region" }).click();
    await journey.page.getByRole("button", { name: /^Region 1/ }).waitFor();
    await screenshot("20-review");
    await assertAccessible("the review of the pixels");
    const image = async () => (await request("GET", `/cases/${id}/image`)).body();
    const before = await image();
    await journey.page.getByRole("button", { name: /Black out 1 region and confirm/ }).click();
    await journey.page.getByRole("tab", { name: "Case and notes" }).waitFor();
    const entry = await (await request("GET", `/cases/${id}`)).json();
    assert.equal(entry.review, "done");
    assert.notDeepEqual(await image(), before);
    const report = await (await request("GET", `/cases/${id}/deidentification`)).json();
    assert.equal(report.regions.length, 1);
    assert.ok(report.report.methods.some(({ value }) => value === "113101"));
  });
});
