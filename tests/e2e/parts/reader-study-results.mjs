/** What came out of the reader study: on the page and in the exports, against what was pressed, computed once more. */

import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { assertAccessible, journey, RESULTS, request, screenshot } from "../support/journey.mjs";
import {
  canonicalHash,
  difference,
  expectedImrmc,
  imrmcRows,
  joined,
  mean,
  ofArm,
  parseCsv,
  repeats,
  wilson,
} from "../support/study-figures.mjs";
import { READERS, study } from "../support/study-journey.mjs";
import { closeFor, heard } from "../support/study-reader.mjs";

const ARMS = ["gradcam", "sham"];
const NAMES = { gradcam: "Grad-CAM", sham: "Sham" };
const OPENS = ["", "/items", "/results", "/export?format=json", "/protocols", "/readers"];

const about = (path, page) => request("GET", `/reader-studies/${study.id}${path}`, undefined, page);
/** What readers ask the server about studies; that there are models at all, everybody knows. */
const STUDIES = /\/(readings|reader-studies)/;
const near = (found, expected, what) =>
  assert.ok(Math.abs(found - expected) < 1e-9, `${what}: ${found} is not ${expected}`);
const question = (results, task, key) =>
  results.tasks.find(({ kind }) => kind === task).questions.find((each) => each.key === key);
const whole = (rows, arm) => rows.find(({ arm_key, by }) => arm_key === arm && by === "all");

describe("the results of a reader study", () => {
  let document;
  let results;
  let all;
  const export_ = async (format) => {
    const answer = await about(`/export?format=${format}`);
    assert.equal(answer.status(), 200, format);
    return answer;
  };
  after(async () => {
    for (const reader of READERS) {
      await closeFor(reader);
    }
  });

  it("are shown once the study is closed, with a reason", async () => {
    const { page } = journey;
    await page.goto(`${journey.url}/studies/${study.id}/readers`);
    await page.getByRole("button", { name: "Close the study …" }).click();
    const sheet = page.getByRole("dialog", { name: "Close the study?" });
    await sheet.getByText("All answers are there.").waitFor();
    await sheet.getByLabel("Reason").fill("Both readers have finished.");
    await screenshot("59-close");
    await assertAccessible("the question before closing");
    await sheet.getByRole("button", { name: "Close the study" }).click();
    await page.getByText("Nobody can answer any more.").waitFor();
    await screenshot("59-readers");
    await assertAccessible("the readers of a closed study");
    await page.getByRole("tab", { name: "Results" }).click();
    await page.getByRole("heading", { name: "In one table" }).waitFor();
    await screenshot("60-results");
    await assertAccessible("the results of a study");
    document = await (await export_("json")).json();
    results = await (await about("/results")).json();
    all = joined(READERS, document);
  });

  it("stand on the protocol that was published", async () => {
    const [{ document: protocol, hash }] = document.protocols;
    assert.equal(canonicalHash(protocol), hash);
    assert.equal(results.protocol_hash, hash);
    assert.equal(protocol.design.sampling.method, "stratified_random");
    await journey.page.getByText(hash).waitFor();
    await journey.page.getByRole("tab", { name: "Protocol" }).click();
    await journey.page.getByText(hash).waitFor();
    await journey.page.getByRole("table").first().waitFor();
    await screenshot("61-protocol");
    await assertAccessible("the protocol of a study");
    await journey.page.getByRole("tab", { name: "Results" }).click();
  });

  it("hold every answer once, as it was given", () => {
    assert.equal(document.answers.length, READERS.length * study.total);
    assert.equal(results.answers, all.filter(({ item }) => !item.practice).length);
    assert.equal(results.expected, results.answers);
    for (const { code, position, item, repeated, answers, comment } of all) {
      const given = document.answers.filter(
        (answer) => answer.reader === code && answer.position === position,
      );
      assert.equal(given.length, 1);
      assert.deepEqual(given[0].answers, answers ?? {});
      assert.deepEqual(
        [given[0].item, given[0].repeated, given[0].cannot_judge, given[0].comment],
        [item.number, repeated, answers === null, comment],
      );
    }
  });

  it("have the means, shares and intervals that the answers have", async () => {
    const ratings = question(results, "localization", "rating");
    const choices = question(results, "alignment", "concept");
    for (const arm of ARMS) {
      const rated = ofArm(all, "localization", arm).map(({ answers }) => answers.rating);
      const row = whole(ratings.likert, arm);
      near(row.mean.value, mean(rated), `mean of ${arm}`);
      assert.deepEqual(
        row.counts,
        [1, 2, 3, 4, 5].map((point) => rated.filter((each) => each === point).length),
      );
      const chosen = ofArm(all, "alignment", arm);
      const right = chosen.filter(({ item, answers }) => answers.concept === item.truth.answer);
      const share = wilson(right.length, chosen.length);
      const { accuracy, correct, answers } = whole(choices.choice, arm);
      assert.deepEqual([correct, answers], [right.length, chosen.length]);
      for (const key of ["value", "low", "high"]) {
        near(accuracy[key], share[key], `${key} of the accuracy of ${arm}`);
      }
      const line = journey.page
        .getByRole("table", { name: "Localization and semantic alignment by data set" })
        .getByRole("row")
        .filter({ hasText: NAMES[arm] })
        .filter({ hasText: "Average" });
      const words = await line.innerText();
      assert.ok(words.includes(mean(rated).toFixed(2)), words);
      assert.ok(words.includes(`${right.length}/${chosen.length}`), words);
    }
  });

  it("compare with the sham, and readers with themselves", () => {
    for (const [task, key, value] of [
      ["localization", "rating", ({ answers }) => answers.rating],
      [
        "alignment",
        "concept",
        ({ item, answers }) => Number(answers.concept === item.truth.answer),
      ],
    ]) {
      const [paired] = question(results, task, key).paired.filter(({ sham }) => sham);
      const expected = difference(all, task, ...ARMS, value);
      assert.equal(paired.pairs, expected.pairs);
      near(paired.difference.value, expected.value, `${task}, real minus sham`);
    }
    let pairs = 0;
    for (const { kind, questions } of results.tasks) {
      for (const { key, repeats: rows } of questions) {
        const expected = repeats(all, kind, key);
        assert.equal(rows[0].pairs, expected.pairs);
        if (expected.pairs > 0) {
          near(rows[0].same.value, expected.same / expected.pairs, `${key}, again`);
          pairs += expected.pairs;
        }
      }
    }
    assert.ok(pairs > 0);
  });

  it("go out as tidy CSV, for iMRMC, as page and as PDF", async () => {
    const rows = parseCsv(await (await export_("csv")).text());
    assert.equal(
      rows.length,
      all.reduce((sum, { item }) => sum + item.content.questions.length, 0),
    );
    for (const { code, position, item, answers, comment } of all) {
      for (const { key } of item.content.questions) {
        const [row] = rows.filter(
          (each) =>
            each.reader === code && Number(each.position) === position + 1 && each.question === key,
        );
        assert.deepEqual(
          [row.answer, row.arm, row.comment, row.practice, row.cannot_judge],
          [
            answers ? String(answers[key]) : "",
            item.arm_key,
            comment,
            String(item.practice),
            String(answers === null),
          ],
        );
      }
    }
    const columns = parseCsv(await (await export_("dictionary")).text());
    assert.deepEqual(
      columns.map(({ column }) => column),
      Object.keys(rows[0]),
    );
    const imrmc = await (await export_("imrmc")).text();
    const { tasks } = document.protocols[0].document.design;
    const { positive_classes } = tasks.find(({ kind }) => kind === "diagnosis");
    assert.equal(positive_classes.length, 2);
    assert.deepEqual(imrmcRows(imrmc), expectedImrmc(all, positive_classes));
    const page = await (await export_("html")).text();
    const rated = ofArm(all, "localization", "gradcam").map(({ answers }) => answers.rating);
    for (const words of [
      study.title,
      results.protocol_hash,
      mean(rated).toFixed(2),
      "Research use",
    ]) {
      assert.ok(page.includes(words), `the report lacks ${words}`);
    }
    const pdf = await (await export_("pdf")).body();
    assert.equal(pdf.subarray(0, 5).toString(), "%PDF-");
    assert.ok(pdf.length > 20_000, `${pdf.length} bytes`);
    await writeFile(join(RESULTS, "reader-study.pdf"), pdf);
    await writeFile(join(RESULTS, "reader-study.html"), page);
  });

  it("came from readers who were told neither model, arm, map nor truth", async () => {
    const secrets = secretsOf(document.protocols[0].document);
    for (const reader of READERS) {
      const told = (await heard(reader)).filter(({ url }) => STUDIES.test(url));
      const words = told.filter(({ body }) => body !== "");
      assert.ok(words.length > study.total, `${words.length} answers`);
      const { page } = reader.browser;
      told.push({ url: page.url(), body: await page.content() });
      for (const { url, body } of told) {
        // In the bytes of a map any short word turns up by chance.
        const text = `${url} ${body.replaceAll(/"values":"[^"]*"/g, "")}`.toLowerCase();
        for (const secret of secrets) {
          assert.ok(!text.includes(secret), `${secret} in ${url}`);
        }
      }
      for (const path of OPENS) {
        assert.equal((await about(path, page)).status(), 403, path);
      }
    }
  });

  it("came at a pace that is told, not judged", async (test) => {
    const times = READERS.flatMap(({ nextItem }) => nextItem).sort((a, b) => a - b);
    assert.ok(times.length > study.total, `${times.length} were measured`);
    const at = (share) => times[Math.ceil(share * times.length) - 1];
    const told = { measured: times.length, median: at(0.5), p95: at(0.95), most: at(1) };
    test.diagnostic(`next item shown, milliseconds: ${JSON.stringify(told)}`);
    await writeFile(join(RESULTS, "next-item.json"), `${JSON.stringify(told, null, 1)}\n`);
  });
});

/** What would tell a reader something, in small letters. */
function secretsOf({ design, models, cases, items }) {
  const found = [
    ...models.flatMap((model) => Object.values(model)),
    ...cases.flatMap(({ sha256, source }) => [sha256, source.image]),
    ...items.map(({ truth }) => truth.map_sha256),
    ...design.arms.flatMap(({ name }) => [`"${name}"`, `>${name}<`]),
    ...["gradcam", "grad-cam", "magnet", "sham"],
    ...['"arm', '"truth', '"unit"', '"repeated"', '"option_id', '"case_', '"model_'],
  ];
  return [...new Set(found.filter(Boolean).map((each) => String(each).toLowerCase()))];
}
