/** The refinement loop: reword a concept, retrain from the page and watch, diagnose, compare, promote, roll back. */

import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { assertAccessible, journey, request, screenshot } from "../support/journey.mjs";

const DATA = "synthetic-dermoscopy";
const PATIENCE = 300_000; // two cores, shared with the server

const read = async (path) => (await request("GET", path)).json();
const open = (path) => journey.page.goto(`${journey.url}${path}`);
const button = (name) => journey.page.getByRole("button", { name });

/** A job at its end; fails if that is a bad one. */
async function ended(path) {
  for (let waited = 0; waited < PATIENCE; waited += 500) {
    const job = await read(path);
    if (!["queued", "running"].includes(job.status)) {
      assert.equal(job.status, "succeeded", job.error);
      return job;
    }
    await journey.page.waitForTimeout(500);
  }
  throw new Error(`${path} did not end within ${PATIENCE / 1000} s`);
}

async function queue(path, data) {
  const answer = await request("POST", path, data);
  assert.equal(answer.status(), 202, await answer.text());
  return (await answer.json()).id;
}

describe("the refinement loop", () => {
  let parent;
  let set;
  let run;

  before(async () => {
    parent = (await read("/models")).items.find(
      ({ dataset, active }) => dataset === DATA && active,
    );
    set = (await read("/concept-sets")).items.find(({ name }) => name === parent.concept_set.name);
  });

  it("saves a reworded concept as a revision with reason and diff", async () => {
    await open("/concept-sets");
    await journey.page.getByRole("link", { name: set.title }).first().click();
    await journey.page.getByText("round outline", { exact: true }).first().click();
    const words = journey.page.getByLabel("Words", { exact: true });
    await words.fill("circular outline");
    await assertAccessible("the concept-set editor");
    await button(/^Save/).click();
    const dialog = journey.page.getByRole("dialog", { name: "Save a revision" });
    await dialog
      .getByText(/circular outline/)
      .first()
      .waitFor();
    await dialog.getByLabel("Why").fill("One word for one shape");
    await assertAccessible("saving a revision");
    await dialog.getByRole("button", { name: /^Save/ }).click();
    await dialog.waitFor({ state: "hidden" });
    const revisions = (await read(`/concept-sets/${set.id}/revisions`)).items;
    assert.equal(revisions[0].number, set.latest.number + 1);
    assert.equal(revisions[0].reason, "One word for one shape");
    await journey.page.getByRole("tab", { name: /History/ }).click();
    await journey.page.getByText("One word for one shape").first().waitFor();
    await screenshot("40-concept-set");
    await assertAccessible("the history of a concept set");
  });

  it("trains it from the form, with an estimate, and shows the run live", async () => {
    await open(`/training/new?parent=${parent.id}&concept_set=${set.id}&dataset=${DATA}`);
    for (const name of ["Training", "Validation", "Test"]) {
      await journey.page.getByRole("textbox", { name, exact: true }).fill("64");
    }
    await button("More settings").click();
    await journey.page.getByLabel("Epochs", { exact: true }).fill("2");
    await journey.page.getByText(/reworded: shape\.round/).waitFor();
    await journey.page.getByText(/^about /).waitFor();
    await screenshot("41-new-training-run");
    await assertAccessible("the form of a training run");
    await button("Start the training").click();
    await journey.page.waitForURL(/\/training\/[0-9a-f]{32}$/);
    run = journey.page.url().split("/").at(-1);
    // What follows comes over the event stream: the page is not loaded again.
    await journey.page.getByText("succeeded", { exact: true }).waitFor({ timeout: PATIENCE });
    await journey.page.getByRole("link", { name: "Open model" }).waitFor();
    const rows = journey.page.getByRole("region", { name: "Table of epochs" }).getByRole("row");
    assert.equal(await rows.count(), 3);
    await journey.page.getByText(/Epoch 2 of 2: loss/).waitFor();
    await screenshot("42-training-run");
    await assertAccessible("a training run");
  });

  it("lists the run, and its model with where it comes from", async () => {
    await open("/training");
    const { model } = await read(`/training-runs/${run}`);
    await journey.page.getByRole("row", { name: new RegExp(model.name) }).waitFor();
    await assertAccessible("the list of training runs");
    const version = await read(`/models/${model.id}`);
    assert.equal(version.parent.id, parent.id);
    assert.equal(version.active, false);
    const { lineage } = version.metrics;
    assert.equal(lineage.concept_set.name, set.name);
    assert.ok(lineage.code.vitrine);
  });

  it("shows what the codebook holds", async () => {
    const { model } = await read(`/training-runs/${run}`);
    await ended(
      `/diagnoses/${await queue("/diagnoses", { model_version_id: model.id, dataset_id: DATA, drawn: 64 })}`,
    );
    await open(`/models/${model.id}/codebook`);
    await journey.page.getByRole("heading", { name: "Codes and concept groups" }).waitFor();
    await journey.page
      .getByRole("heading", { name: "Tokens in three dimensions" })
      .scrollIntoViewIfNeeded();
    await screenshot("43-codebook");
    await assertAccessible("the codebook");
  });

  it("compares it with the active version, promotes it with a reason, and rolls back", async () => {
    const { model } = await read(`/training-runs/${run}`);
    const wanted = { a: parent.id, b: model.id, dataset_id: DATA, drawn: 64 };
    const { result } = await ended(`/comparisons/${await queue("/models/compare", wanted)}`);
    await open(`/models/compare?a=${parent.id}&b=${model.id}&dataset=${DATA}`);
    await journey.page.getByText(result.comparison.summary).first().waitFor();
    await screenshot("44-models-compared");
    await assertAccessible("two versions compared");
    await button(`Promote ${model.name}…`).click();
    const dialog = journey.page.getByRole("dialog");
    await dialog.getByLabel("Reason").fill("Tried in the journey");
    await assertAccessible("the promotion");
    await dialog.getByRole("button", { name: "Promote" }).click();
    await journey.page
      .getByText(`Promoted: new predictions of ${DATA} use ${model.name}.`)
      .waitFor({ timeout: PATIENCE });
    assert.equal((await read(`/models/${model.id}`)).active, true);
    await button(/^Roll back/)
      .first()
      .click();
    await journey.page.getByText(/^Rolled back:/).waitFor({ timeout: PATIENCE });
    assert.equal((await read(`/models/${parent.id}`)).active, true);
    const [back, forth] = (await read(`/models/activations?dataset=${DATA}`)).items;
    assert.deepEqual(
      [back.kind, forth.kind, forth.reason],
      ["rollback", "promotion", "Tried in the journey"],
    );
  });
});
