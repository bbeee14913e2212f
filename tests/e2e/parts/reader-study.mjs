/**
 * A reader study from its design to its last answer: a coordinator on the journey's page, two readers in browsers of
 * their own who answer by keyboard alone. What they press is known beforehand; what it comes to is looked at next.
 */

import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, it } from "node:test";
import { assertAccessible, journey, RESULTS, request, screenshot } from "../support/journey.mjs";
import {
  answersAt,
  CLARA,
  COMMENT,
  DAVID,
  PATIENCE,
  READERS,
  study,
} from "../support/study-journey.mjs";
import {
  accept,
  begin,
  closeFor,
  comeBack,
  item,
  keepTimes,
  press,
  submit,
} from "../support/study-reader.mjs";

const DATA = "synthetic-dermoscopy";
const IMAGES = 5;
const STEPS = ["Question", "Images", "Arms", "Tasks", "Order", "Readers", "Check"];
/** Clara's browser is closed at this item, when its answer is chosen and not submitted. */
const INTERRUPTED = 8;
const ASKED = "Is the ruler part of the image?";
const REPLIED = "Judge the lesion without it.";

const { title: TITLE } = study;
const read = async (path) => (await request("GET", path)).json();
const button = (name) => journey.page.getByRole("button", { name });
const dialog = (name) => journey.page.getByRole("dialog", { name });
const open = (path) => journey.page.goto(`${journey.url}${path}`);
const address = (rest = "") => `/studies/${study.id}${rest}`;

async function see(name, what) {
  await screenshot(name);
  await assertAccessible(what);
}

async function seeFor(reader, name, what) {
  const { page } = reader.browser;
  await page.screenshot({ path: join(RESULTS, `${name}.png`) });
  await assertAccessible(what, page);
}

describe("the demonstration of a reader study", () => {
  it("is one click away where there is no study yet, and opens by itself", async () => {
    await journey.page.getByRole("link", { name: "Studies", exact: true }).click();
    await journey.page.getByRole("heading", { name: "No study yet" }).waitFor();
    await see("50-no-study", "the empty list of studies");
    await button("Open the demonstration").click();
    await journey.page.getByRole("heading", { name: "The study is being published" }).waitFor();
    await see("50-publishing", "a study that is being published");
    await journey.page
      .getByText("The design is frozen", { exact: true })
      .waitFor({ timeout: PATIENCE });
    await see("50-demonstration", "the design of a published study");
  });

  it("shows results, and says that a program answered", async () => {
    await journey.page.getByRole("tab", { name: "Results" }).click();
    await journey.page.getByText("some readers are simulated").waitFor();
    await journey.page.getByText(/^Simulated readers: 2 of 2/).waitFor();
    assert.equal(await journey.page.getByText("simulated", { exact: true }).count(), 2);
    await see("50-demonstration-results", "the results of the demonstration");
  });
});

describe("a reader study", () => {
  const links = [];

  describe("is designed", () => {
    let disease = [];
    const step = async (number) => {
      await button(new RegExp(`^${number}\\. `)).click();
      await journey.page
        .getByRole("heading", { name: new RegExp(`^${STEPS[number - 1]}`), level: 2 })
        .waitFor();
    };
    const seen = async (number) => {
      await journey.page.getByText("Saved", { exact: true }).waitFor();
      await see(`51-step-${number}`, `step ${number} of a design`);
    };

    it("from a title and a template", async () => {
      await open("/studies");
      await journey.page.getByRole("link", { name: /^Demonstration/ }).waitFor();
      await see("51-studies", "the list of studies");
      await button("New study").click();
      const sheet = dialog("New study");
      await sheet.getByLabel("Title").fill(TITLE);
      await see("51-new-study", "a new study");
      await sheet.getByRole("button", { name: "Make the draft" }).click();
      await journey.page.waitForURL(/\/studies\/[0-9a-f]{32}$/);
      study.id = journey.page.url().split("/").at(-1);
    });

    it("with a question and images drawn at random, one of them for practice", async () => {
      const question =
        "Do maps lie where readers see the concept, better than maps of other concepts?";
      await journey.page.getByLabel("Question", { exact: true }).fill(question);
      await button("Insert a suggestion: ").first().click();
      await seen(1);
      await step(2);
      await journey.page.getByLabel("From", { exact: true }).selectOption(DATA);
      const draw = journey.page.getByRole("form", { name: "Draw at random" });
      await draw.getByLabel("Images").fill(String(IMAGES));
      await draw.getByLabel("Seed", { exact: true }).fill("7");
      await draw.getByRole("button", { name: "Draw at random" }).click();
      await journey.page.getByText(`${IMAGES} images were drawn and added.`).waitFor();
      await journey.page
        .getByRole("checkbox", { name: /is for practice$/ })
        .first()
        .check();
      // Two classes of four count as disease later on.
      disease = await journey.page.getByLabel("Images by class").locator("dt").allInnerTexts();
      disease.length = 2;
      await seen(2);
    });

    it("with arms, tasks and an order", async () => {
      await step(3);
      await button("Image alone").click();
      await button("Prediction and concepts").click();
      await journey.page.getByRole("heading", { name: /^Arm D/ }).waitFor();
      await seen(3);
      await step(4);
      await button("Diagnosis").click();
      const task = journey.page.locator('[data-field="tasks.2"]');
      await task.getByLabel("A: Grad-CAM").uncheck();
      await task.getByLabel("B: Sham").uncheck();
      await task
        .getByRole("combobox", { name: "Classes that count as disease" })
        .press("ArrowDown");
      for (const name of disease) {
        await journey.page.getByRole("option", { name }).click();
      }
      await journey.page.keyboard.press("Escape");
      await seen(4);
      await step(5);
      await journey.page.getByLabel("Seed", { exact: true }).fill("5");
      await seen(5);
      await step(6);
      await seen(6);
    });

    it("with a preview as the reader will see it", async () => {
      await button("Preview").click();
      const sheet = dialog("As the reader will see it");
      await sheet.getByRole("img", { name: /^Image to be judged/ }).waitFor({ timeout: PATIENCE });
      await sheet.getByText("What readers are not told").click();
      await sheet.getByText("Right answer").waitFor();
      await see("52-preview", "the preview of an item");
      await journey.page.keyboard.press("Escape");
      await sheet.waitFor({ state: "detached" });
    });
  });

  describe("is published", () => {
    const invite = async ({ name, email }) => {
      await button("Invite a reader").click();
      const sheet = dialog("Invite a reader");
      await sheet.getByText("Somebody new", { exact: true }).click();
      await sheet.getByLabel("Name").fill(name);
      await sheet.getByLabel("E-mail").fill(email);
      await see("53-invite", "an invitation to read");
      await sheet.getByRole("button", { name: "Invite", exact: true }).click();
      const invited = dialog("Reader invited");
      links.push(await invited.getByLabel("Invitation link").inputValue());
      await see("53-link", "the link for a reader");
      await invited.getByRole("button", { name: "Done" }).click();
      await invited.waitFor({ state: "detached" });
    };

    it("with a reader who was invited before", async () => {
      await journey.page.getByRole("tab", { name: /^Readers/ }).click();
      await invite(CLARA);
      await journey.page.getByText("order not drawn yet").waitFor();
    });

    it("by the worker, which freezes it", async () => {
      await open(address("?step=publish"));
      await journey.page.getByRole("heading", { name: /^Check/ }).waitFor();
      await see("51-step-7", "step 7 of a design");
      await button("Publish …").click();
      const sheet = dialog(`Publish ${TITLE}?`);
      await see("52-publish", "the question before publishing");
      await sheet.getByRole("button", { name: "Publish", exact: true }).click();
      await journey.page
        .getByText("The design is frozen", { exact: true })
        .waitFor({ timeout: PATIENCE });
    });

    it("and has a reader who is invited afterwards, with an order of their own", async () => {
      await journey.page.getByRole("tab", { name: /^Readers/ }).click();
      await invite(DAVID);
      await see("54-readers", "the readers of a study");
      const { items } = await read(`/reader-studies/${study.id}/readers`);
      study.total = items[0].total;
      assert.deepEqual(
        items.map((reader) => [reader.code, reader.total]),
        [
          ["R1", study.total],
          ["R2", study.total],
        ],
      );
      // Four images under two arms of three tasks; a tenth of them again; a practice item of each task.
      assert.equal(study.total, 24 + 2 + 3);
    });

    it("hides results while it is open", async () => {
      await journey.page.getByRole("tab", { name: "Results" }).click();
      await journey.page.getByText("Results are hidden until the study is closed").waitFor();
      await see("54-hidden", "hidden results");
      for (const path of ["results", "export?format=csv"]) {
        const answer = await request("GET", `/reader-studies/${study.id}/${path}`);
        assert.equal((await answer.json()).error, "results_hidden");
      }
    });
  });

  describe("is read by keyboard alone", () => {
    const readOn = async (reader, from, to) => {
      for (let number = from; number <= to; number++) {
        const asked = await item(reader, number, study.total);
        const answers = answersAt(reader, number);
        const comment = answers === null ? COMMENT : "";
        reader.given.set(number, { answers, comment });
        await press(reader, asked, answers);
        await submit(reader, comment);
      }
    };
    const enter = async (reader) => {
      const page = await accept(reader, links[READERS.indexOf(reader)]);
      await page.getByRole("link", { name: `Begin: ${TITLE}` }).waitFor();
      return page;
    };

    it("from the list of readings and the instructions on", async () => {
      const page = await enter(CLARA);
      await seeFor(CLARA, "55-readings", "the list of readings");
      await page.getByRole("link", { name: `Begin: ${TITLE}` }).click();
      await page.getByRole("heading", { name: "Before you read" }).waitFor();
      await seeFor(CLARA, "55-instructions", "the instructions of a study");
      await begin(CLARA);
      await item(CLARA, 1, study.total);
      await seeFor(CLARA, "56-reading-room", "the reading room");
    });

    it("until the browser is closed in the middle of an item", async () => {
      await readOn(CLARA, 1, INTERRUPTED - 1);
      const asked = await item(CLARA, INTERRUPTED, study.total);
      const { page } = CLARA.browser;
      const kept = page.waitForResponse((answer) => answer.url().endsWith("/draft") && answer.ok());
      await press(CLARA, asked, answersAt(CLARA, INTERRUPTED));
      await kept;
      await seeFor(CLARA, "56-chosen", "the reading room with an answer");
      await keepTimes(CLARA);
      await closeFor(CLARA);
    });

    it("and goes on at the same item in another browser, with what was chosen", async () => {
      const page = await comeBack(CLARA, `${journey.url}/readings/${study.id}/read`);
      const [asked] = await item(CLARA, INTERRUPTED, study.total);
      const chosen = await page
        .locator(`[data-question="${asked}"] input`)
        .evaluateAll((all) => all.map((input) => input.checked));
      const answers = answersAt(CLARA, INTERRUPTED);
      assert.equal(chosen.indexOf(true) + 1, answers[asked]);
      CLARA.given.set(INTERRUPTED, { answers, comment: "" });
      await submit(CLARA);
      await readOn(CLARA, INTERRUPTED + 1, study.total);
      await page.getByRole("heading", { name: /You have read every item/ }).waitFor();
      await seeFor(CLARA, "57-finished", "the end of reading");
      await keepTimes(CLARA);
    });

    it("with a question to the coordinator, and the reply", async () => {
      const page = await enter(DAVID);
      await page.getByRole("link", { name: `Begin: ${TITLE}` }).click();
      await begin(DAVID);
      await item(DAVID, 1, study.total);
      await page.keyboard.press("q");
      await page.getByRole("dialog", { name: "Ask about item 1" }).waitFor();
      await page.keyboard.type(ASKED);
      await seeFor(DAVID, "56-asking", "a question to the coordinator");
      await page.keyboard.press("Tab");
      await page.keyboard.press("Tab");
      await page.keyboard.press("Enter");
      await page.getByRole("dialog", { name: "Question sent" }).waitFor();
      await page.keyboard.press("Enter");
      await readOn(DAVID, 1, study.total);
      await page.getByRole("heading", { name: /You have read every item/ }).waitFor();
      await keepTimes(DAVID);

      await open(address("/questions"));
      await journey.page.getByText(ASKED).waitFor();
      await journey.page.getByLabel("Reply to R2").fill(REPLIED);
      await see("58-questions", "readers' questions");
      await button("Send the reply").click();
      await journey.page.getByText("All questions have a reply.").waitFor();

      await page.keyboard.press("Enter");
      await page.getByText(REPLIED).waitFor();
      await seeFor(DAVID, "58-reply", "a study that was read");
    });
  });
});
