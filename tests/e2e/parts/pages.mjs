/** The other pages, other screens, and what must not have happened anywhere. */

import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, it } from "node:test";
import { settled } from "../support/browser.mjs";
import {
  assertAccessible,
  assertNotForDiagnosis,
  journey,
  RESULTS,
  screenshot,
} from "../support/journey.mjs";

describe("the other pages", () => {
  it("show the models with their figures, and one with its card", async () => {
    await journey.page.getByRole("link", { name: "Models", exact: true }).click();
    const versions = journey.page.getByRole("table", { name: /^Versions of/ });
    await versions.first().waitFor();
    await screenshot("10-models");
    await assertAccessible("the models page");
    await versions.first().getByRole("rowheader").first().getByRole("link").click();
    await journey.page.getByRole("region", { name: "Model card" }).waitFor();
    await screenshot("10-model");
    await assertAccessible("the page of a model");
    await assertNotForDiagnosis();
  });

  it("say when there is nothing at an address", async () => {
    await journey.page.goto(`${journey.url}/nowhere`);
    await journey.page.getByText("There is no page at this address").waitFor();
    await assertAccessible("the page for unknown addresses");
    await assertNotForDiagnosis();
  });

  for (const [width, height] of [
    [390, 844],
    [1024, 768],
    [1280, 720],
    [2560, 1440],
  ]) {
    it(`fit into ${width} × ${height}`, async () => {
      await journey.page.setViewportSize({ width, height });
      await journey.page.goto(journey.url);
      await journey.page.locator("tbody a").first().click();
      await journey.page.locator("[data-option]").first().waitFor();
      await settled(journey.page);
      // The page itself never scrolls, so what is too wide would only be cut off.
      const parts = await journey.page
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
    await writeFile(join(RESULTS, "problems.txt"), journey.browser.problems.join("\n"));
    assert.deepEqual([...journey.browser.hosts], ["127.0.0.1"]);
    // The refused upload is a 4xx that the browser itself reports.
    const unexpected = journey.browser.problems.filter(
      (problem) => !/status of 4\d\d/.test(problem),
    );
    assert.deepEqual(unexpected, []);
  });
});
