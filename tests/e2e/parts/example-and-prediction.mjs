/** From an empty installation to an explained example that adds up. */

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { settled } from "../support/browser.mjs";
import {
  assertAccessible,
  assertNotForDiagnosis,
  journey,
  newestPrediction,
  option,
  screenshot,
} from "../support/journey.mjs";

describe("an empty installation", () => {
  it("offers examples, which are marked as synthetic", async () => {
    await journey.page.goto(journey.url);
    await journey.page.getByRole("heading", { name: "No cases yet" }).waitFor();
    await journey.page.getByText("They are synthetic").waitFor();
    await journey.page.waitForLoadState("networkidle");
    await screenshot("1-examples");
    await assertAccessible("the empty list");
    await assertNotForDiagnosis();
  });

  it("explains an example at once", async () => {
    await journey.page
      .getByRole("button", { name: /example 1/ })
      .first()
      .click();
    await journey.page.waitForURL(/\/cases\/[0-9a-f]{32}$/);
    await journey.page.getByText("Synthetic image").first().waitFor();
    await journey.page.locator("[data-option]").first().waitFor();
    await settled(journey.page);
    await screenshot("2-case");
    await assertAccessible("the case page");
    await assertNotForDiagnosis();
  });
});

describe("the prediction", () => {
  it("is the server's, with every class, group and option", async () => {
    const { prediction } = await newestPrediction();
    const top = prediction.classes.find(({ key }) => key === prediction.predicted_class);
    await journey.page.locator("[aria-live=polite]", { hasText: top.name }).waitFor();
    assert.equal(await journey.page.getByRole("radio").count(), prediction.classes.length + 6);
    for (const group of prediction.groups) {
      await journey.page.locator(`[data-group="${group.key}"]`).waitFor();
      for (const { id } of group.options) {
        assert.equal(await option(id).count(), 1, id);
      }
    }
  });

  it("adds up on screen, for every class", async () => {
    const { prediction } = await newestPrediction();
    for (const entry of prediction.classes) {
      await journey.page.locator("label", { hasText: entry.name }).first().click();
      const sum = journey.page.getByRole("group", {
        name: `How the logit of ${entry.name} adds up`,
      });
      const text = (await sum.innerText()).replaceAll("−", "-");
      const [bias, supporting, opposing, logit] = text.match(/[+-]?\d+\.\d\d/g).map(Number);
      assert.ok(Math.abs(bias + supporting + opposing - logit) < 0.025, text);
      assert.ok(Math.abs(logit - entry.logit) < 0.006, `${text} is not ${entry.logit}`);
    }
  });

  it("can be sorted by contribution", async () => {
    await journey.page.getByText("By contribution").click();
    const texts = await journey.page.locator("[data-option]").allInnerTexts();
    const values = texts.map((text) =>
      Number(text.replaceAll("−", "-").match(/[+-]?\d+\.\d\d$/)?.[0]),
    );
    assert.ok(
      values.every((value, at) => at === 0 || value <= values[at - 1]),
      values.join(),
    );
    await journey.page.getByText("By group").click();
  });
});
