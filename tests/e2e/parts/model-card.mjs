/** The model card: how far a model's explanations can be trusted, and the marks in the case view that lead to it. */

import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { settled } from "../support/browser.mjs";
import {
  assertAccessible,
  assertNotForDiagnosis,
  journey,
  request,
  screenshot,
} from "../support/journey.mjs";

const DATA = "synthetic-dermoscopy";
const PATIENCE = 600_000; // two cores, shared with the server

const read = async (path) => (await request("GET", path)).json();
const card = () => journey.page.getByRole("region", { name: "The model card" });
const marks = () => journey.page.getByRole("button", { name: /: reliability / });

/** What is known of a model; measured on a few drawn images where nothing is. */
async function evidenceOf(model) {
  const found = await request("GET", `/models/${model.id}/evidence`);
  if (found.ok()) {
    return found.json();
  }
  assert.equal((await found.json()).error, "evidence_missing");
  const started = await request("POST", `/models/${model.id}/evidence`, {
    dataset_id: DATA,
    drawn: 64,
  });
  assert.equal(started.status(), 202, await started.text());
  for (let waited = 0; waited < PATIENCE; waited += 1_000) {
    const [job] = (await read(`/models/${model.id}/evidence/measurements`)).items;
    if (job.status === "succeeded") {
      return read(`/models/${model.id}/evidence`);
    }
    assert.ok(["queued", "running"].includes(job.status), job.error);
    await journey.page.waitForTimeout(1_000);
  }
  throw new Error(`The measurement did not end within ${PATIENCE / 1000} s`);
}

describe("the model card", () => {
  let model;
  let evidence;

  before(async () => {
    await journey.page.setViewportSize({ width: 1440, height: 900 });
    model = (await read("/models")).items.find(({ dataset, active }) => dataset === DATA && active);
    evidence = await evidenceOf(model);
    assert.equal(evidence.is_of_these_weights, true);
  });

  it("opens from the models page, and says first what its figures do not say", async () => {
    await journey.page.goto(`${journey.url}/models`);
    await journey.page
      .getByRole("link", { name: `Model card of ${model.name}`, exact: true })
      .click();
    await journey.page.getByRole("heading", { name: `Model card of ${model.name}` }).waitFor();
    await card().getByText("What these figures do not say").waitFor();
    for (const limit of evidence.limits) {
      await card().getByText(limit, { exact: true }).waitFor();
    }
    await screenshot("50-model-card");
    await assertAccessible("the model card");
    await assertNotForDiagnosis();
  });

  it("lists every concept with its reliability and the reason, and its options on demand", async () => {
    const table = card().getByRole("table", { name: "Concepts by reliability" });
    for (const concept of evidence.concepts) {
      const row = table.getByRole("row").filter({ hasText: concept.reason });
      assert.match(await row.getByRole("rowheader").innerText(), new RegExp(concept.reliability));
    }
    const [first] = evidence.concepts;
    await table.getByRole("button", { name: new RegExp(`options? of ${first.name}$`) }).click();
    await table.getByRole("table", { name: `AUROC of the options of ${first.name}` }).waitFor();
    await assertAccessible("the options of a concept on the model card");
  });

  it("answers every question, with the figures behind the answer", async () => {
    for (const { question, answer } of evidence.tests) {
      await card().getByRole("heading", { name: question }).waitFor();
      await card().getByText(answer, { exact: true }).waitFor();
    }
    const figures = card().locator("summary");
    for (let at = 0; at < (await figures.count()); at++) {
      await figures.nth(at).click();
    }
    await card()
      .getByRole("heading", { name: "Can the explanations be trusted?" })
      .scrollIntoViewIfNeeded();
    await screenshot("51-model-card-questions");
    await assertAccessible("the questions of the model card");
  });

  it("fits into 390 × 844", async () => {
    await journey.page.setViewportSize({ width: 390, height: 844 });
    const { wanted, there } = await card().evaluate((part) => ({
      wanted: part.scrollWidth,
      there: part.clientWidth,
    }));
    assert.ok(wanted <= there, `${wanted} of ${there} pixels`);
    await card().getByRole("heading", { name: "Concepts", exact: true }).scrollIntoViewIfNeeded();
    await screenshot("52-model-card-390");
    await assertAccessible("the model card in a narrow window");
    await journey.page.setViewportSize({ width: 1440, height: 900 });
  });

  it("is where the marks of the case view lead to", async () => {
    const created = await request("POST", "/examples/dermoscopy-mel-1/cases");
    const { id } = await created.json();
    const explained = await request("POST", `/cases/${id}/predictions`);
    assert.equal(explained.status(), 201, await explained.text());
    await journey.page.goto(`${journey.url}/cases/${id}`);
    await marks().first().waitFor();
    await settled(journey.page);
    const groups = (await explained.json()).groups;
    assert.equal(await marks().count(), groups.length);
    await marks().first().click();
    const reason = journey.page.getByRole("dialog");
    const concept = evidence.concepts.find(({ key }) => key === groups[0].key);
    await reason.getByText(concept.reason, { exact: true }).waitFor();
    await screenshot("53-case-reliability");
    await assertAccessible("the reliability of a concept in the case view");
    await reason.getByRole("link", { name: "See the figures on the model card" }).click();
    await journey.page.waitForURL(new RegExp(`/models/${model.id}/card#concept-${concept.key}$`));
    await card().locator(`[id="concept-${concept.key}"][data-linked="true"]`).waitFor();
  });
});
