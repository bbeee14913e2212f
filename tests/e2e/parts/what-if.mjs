/** The intervention workbench: click, slide, paint, undo, find out, save, compare, take along, and say what one sees. */

import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { before, describe, it } from "node:test";
import { settled } from "../support/browser.mjs";
import { assertAccessible, journey, RESULTS, request, screenshot } from "../support/journey.mjs";

const EXAMPLE = "dermoscopy-mel-1";

const panel = () => journey.page.getByRole("region", { name: "What if" });
const said = () => journey.page.locator("[data-announcement=decision]");
const editor = (id) => panel().locator(`[data-option="${id}"]`);
const part = (name) => panel().getByText(name, { exact: true }).first().click();
const read = async (path) => (await request("GET", path)).json();

/** What the page says of a class: its probabilities in per cent, as written. */
async function shown(className) {
  const row = panel().getByRole("row", { name: new RegExp(className) });
  return (await row.innerText()).replace(/\s+/g, " ");
}

describe("what if", () => {
  let entry;
  let prediction;
  let head;

  before(async () => {
    entry = await (await request("POST", `/examples/${EXAMPLE}/cases`)).json();
    prediction = await (await request("POST", `/cases/${entry.id}/predictions`)).json();
    head = await read(`/models/${prediction.model_version_id}/head`);
  });

  it("begins with the prediction, unchanged", async () => {
    await journey.page.goto(`${journey.url}/cases/${entry.id}`);
    await journey.page.locator("[data-option]").first().waitFor();
    await journey.page.keyboard.press("e");
    await panel().waitFor();
    const top = prediction.classes.find(({ key }) => key === prediction.predicted_class);
    assert.match(await shown(top.name), /decision/);
    await assertAccessible("what if");
  });

  it("makes the clicked option the present one, and announces the decision that follows", async () => {
    const { results } = await (
      await request("POST", `/predictions/${prediction.id}/counterfactuals`, { wanted_class: "nv" })
    ).json();
    for (const { option_id: id } of results[0].edits) {
      await editor(id).click();
      assert.equal(await editor(id).getAttribute("aria-checked"), "true");
    }
    await said()
      .getByText(/Decision changed: Melanoma → Melanocytic nevus/)
      .waitFor();
    const percent = (100 * results[0].probability).toFixed(1);
    assert.ok((await shown("Melanocytic nevus")).includes(percent), `${percent} is not shown`);
    await screenshot("30-what-if-option");
    await assertAccessible("what if after a click");
  });

  it("follows a slider without asking the server, and says when the decision flips back", async () => {
    const asked = [];
    const listen = (sent) => asked.push(sent.url());
    journey.page.on("request", listen);
    const times = await journey.page.evaluate(dragEverySlider);
    journey.page.off("request", listen);
    assert.deepEqual(
      asked.filter((url) => url.includes("/api/")),
      [],
    );
    assert.ok(times.moves >= 100);
    assert.ok(times.texts > 20, "the probabilities did not follow the slider");
    await writeFile(join(RESULTS, "slider-latency.json"), `${JSON.stringify(times, null, 1)}\n`);
  });

  it("undoes a whole drag in one step, and redoes it", async () => {
    const after = await panel().getByRole("table").first().innerText();
    await journey.page.keyboard.press("Control+z");
    const undone = await panel().getByRole("table").first().innerText();
    assert.notEqual(undone, after);
    await journey.page.keyboard.press("Control+y");
    assert.equal(await panel().getByRole("table").first().innerText(), after);
    await panel().getByRole("button", { name: "Reset all edits" }).click();
    await said()
      .getByText(/Melanoma/)
      .waitFor();
    assert.match(await shown("Melanoma"), /0\.0/);
  });

  it("shows where the pushes came from, as a picture and as a table", async () => {
    await editor(prediction.groups[1].options[1].id).click();
    await part("Contributions");
    await screenshot("31-what-if-contributions");
    await assertAccessible("the contributions");
    await part("Edit");
  });

  it("paints a region whose patches alone feed a group", async () => {
    const group = prediction.groups.find(({ localizable }) => localizable);
    await panel()
      .getByRole("button", { name: `Region of ${group.name}` })
      .click();
    const canvas = journey.page.locator("canvas");
    const box = await canvas.boundingBox();
    const recomputed = journey.page.waitForResponse(/interventions\/preview$/);
    await journey.page.mouse.move(box.x + 0.4 * box.width, box.y + 0.4 * box.height);
    await journey.page.mouse.down();
    await journey.page.mouse.move(box.x + 0.6 * box.width, box.y + 0.6 * box.height, { steps: 5 });
    await journey.page.mouse.up();
    const outcome = await (await recomputed).json();
    const changed = outcome.groups.filter(({ region }) => region);
    assert.deepEqual(
      changed.map(({ key }) => key),
      [group.key],
    );
    await panel().getByText("from the region").first().waitFor();
    await settled(journey.page);
    await screenshot("32-what-if-region");
    await assertAccessible("painting a region");
    await panel().getByRole("button", { name: "Done" }).click();
  });

  it("says what would change it, and what to check first", async () => {
    await part("What would change it?");
    await panel().getByRole("button", { name: "Search", exact: true }).click();
    await panel().getByText("exact", { exact: true }).first().waitFor();
    await panel().getByText("Check this first").waitFor();
    await screenshot("33-what-if-search");
    await assertAccessible("what would change it");
  });

  it("keeps what was tried, exactly as it was on the screen", async () => {
    await journey.page.keyboard.press("Control+s");
    await journey.page.getByLabel("Note (optional)").fill("The outline looks regular to me");
    await journey.page.getByRole("button", { name: "Save", exact: true }).click();
    await panel()
      .getByText(/^Saved/)
      .first()
      .waitFor();
    // What the page says when it and the server differ by more than 1e-5.
    assert.equal(await panel().getByText("The server computed other probabilities").count(), 0);
    const { items } = await read(`/cases/${entry.id}/interventions`);
    assert.equal(items.length, 1);
    const [kept] = items;
    assert.equal(kept.note, "The outline looks regular to me");
    assert.deepEqual(kept.edits.map(({ operation }) => operation).sort(), ["option", "region"]);
    for (const { class_name: name, probability } of kept.intervened) {
      if (probability >= 0.001 && probability <= 0.999) {
        assert.ok((await shown(name)).includes((100 * probability).toFixed(1)), name);
      }
    }
    assert.equal(head.weight.length, kept.intervened.length);
    await part("History");
    await panel().getByText("The outline looks regular to me").waitFor();
    await screenshot("34-what-if-history");
    await assertAccessible("the history");
  });

  it("exports it as a page, as JSON and as a table", async () => {
    for (const [name, begins] of [
      ["PDF", "%PDF-"],
      ["JSON", "{"],
      ["CSV", "kind,"],
    ]) {
      const link = panel()
        .getByRole("link", { name: new RegExp(name) })
        .first();
      const answer = await journey.page.request.get(
        new URL(await link.getAttribute("href"), journey.url).href,
      );
      assert.equal(answer.status(), 200, name);
      const body = await answer.body();
      assert.equal(body.subarray(0, begins.length).toString(), begins);
      if (name === "PDF") {
        await writeFile(join(RESULTS, "intervention.pdf"), body);
      }
    }
  });

  it("opens again from its address as it was", async () => {
    const address = journey.page.url();
    const before = await panel().getByRole("table").first().innerText();
    await journey.page.goto("about:blank");
    await journey.page.goto(address);
    await panel().waitFor();
    await panel()
      .getByText("from the region")
      .or(panel().getByText("The outline looks"))
      .first()
      .waitFor();
    assert.equal(await panel().getByRole("table").first().innerText(), before);
  });

  it("lies beside its prediction, zoomed together", async () => {
    const { items } = await read(`/cases/${entry.id}/interventions`);
    await journey.page.goto(
      `${journey.url}/cases/${entry.id}/compare?left=prediction:${prediction.id}&right=intervention:${items[0].id}`,
    );
    const canvases = journey.page.locator("canvas");
    await canvases.nth(1).waitFor();
    await settled(journey.page, canvases.nth(0));
    const before = await canvases.nth(1).getAttribute("data-frame");
    const box = await canvases.nth(0).boundingBox();
    await journey.page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await journey.page.mouse.wheel(0, -400);
    await settled(journey.page, canvases.nth(1));
    assert.notEqual(await canvases.nth(1).getAttribute("data-frame"), before);
    await journey.page.mouse.move(5, 5);
    await screenshot("35-compare");
    await assertAccessible("the comparison");
  });
});

describe("what a person sees", () => {
  it("is marked beside the model's answer, and saved as it is given", async () => {
    const { items } = await read("/cases?search=Melanoma");
    const [entry] = items;
    await journey.page.goto(`${journey.url}/cases/${entry.id}?tab=labels`);
    const labels = journey.page.getByRole("region", { name: "What you see" });
    await labels.waitFor();
    await labels.getByRole("radio").nth(1).click();
    await labels
      .getByText(/^Saved/)
      .first()
      .waitFor();
    const { items: kept } = await read(`/cases/${entry.id}/labels`);
    assert.equal(kept.length, 1);
    await screenshot("36-labels");
    await assertAccessible("the labels");
  });

  it("is held against the model on a page of its own", async () => {
    await journey.page.getByRole("link", { name: "Agreement" }).click();
    await journey.page
      .getByText(/of 1\b/)
      .first()
      .waitFor();
    await screenshot("37-agreement");
    await assertAccessible("the agreement page");
  });
});

/** In the page: drags one slider over its whole range; milliseconds from an input to the frame that shows it. */
async function dragEverySlider() {
  const slider = document.querySelectorAll("section[aria-label='What if'] input[type=range]")[2];
  const table = document.querySelector("section[aria-label='What if'] table");
  const set = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set;
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  const low = Number(slider.min);
  const high = Number(slider.max);
  const computing = [];
  const showing = [];
  const texts = new Set();
  slider.dispatchEvent(new PointerEvent("pointerdown", { bubbles: true }));
  for (let step = 1; step <= 120; step++) {
    await frame();
    const begin = performance.now();
    set.call(slider, String(low + ((high - low) * step) / 121));
    slider.dispatchEvent(new Event("input", { bubbles: true }));
    computing.push(performance.now() - begin);
    await frame();
    await new Promise((resolve) => {
      const channel = new MessageChannel(); // after the frame has been drawn
      channel.port1.onmessage = resolve;
      channel.port2.postMessage(null);
    });
    showing.push(performance.now() - begin);
    texts.add(table.innerText);
  }
  slider.dispatchEvent(new PointerEvent("pointerup", { bubbles: true }));
  slider.dispatchEvent(new Event("change", { bubbles: true }));
  const at = (times, share) => [...times].sort((a, b) => a - b)[Math.floor(times.length * share)];
  const rounded = (times) => [0.5, 0.95].map((share) => Math.round(10 * at(times, share)) / 10);
  return {
    moves: showing.length,
    texts: texts.size,
    handling_ms: rounded(computing),
    to_frame_ms: rounded(showing),
  };
}
