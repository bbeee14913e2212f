/** Somebody who reads in a study: a browser of their own, hands on the keyboard, and all that the server told it. */

import { openBrowser } from "./browser.mjs";
import { journey, signIn } from "./journey.mjs";

/** Nobody judges an image in no time; and the next one is loaded meanwhile. */
const LOOKING = 200;

/**
 * @param {{name: string, email: string, password: string, profession: string, years: number}} person
 */
export function studyReader(person) {
  return { ...person, browser: null, told: [], given: new Map(), nextItem: [] };
}

/** Opens a browser, and keeps every answer of the server to it. */
export async function openFor(reader) {
  reader.browser = await openBrowser();
  const { page } = reader.browser;
  page.on("response", (response) => {
    const url = response.url();
    if (url.includes("/api/")) {
      const picture = response.headers()["content-type"]?.startsWith("image/");
      // A page that is left takes its answers along. In the bytes of a picture any short word turns up by chance.
      const text = picture ? Promise.resolve("") : response.text().catch(() => "");
      reader.told.push({ url, text });
    }
  });
  return page;
}

export async function closeFor(reader) {
  if (reader.browser) {
    journey.browser.problems.push(...reader.browser.problems);
    await reader.browser.close();
    reader.browser = null;
  }
}

/** Chooses a password with the link, and goes to what there is to read. */
export async function accept(reader, link) {
  const page = await openFor(reader);
  await page.goto(link);
  await page.getByLabel("Password of your own").fill(reader.password);
  await page.getByRole("button", { name: "Accept and sign in" }).click();
  await page.getByRole("link", { name: "Reading", exact: true }).click();
  return page;
}

/** Opens a new browser, and goes on where the old one was closed. */
export async function comeBack(reader, address) {
  const page = await openFor(reader);
  await page.goto(address);
  await signIn(reader, page);
  return page;
}

/** From the instructions to the first item. */
export async function begin(reader) {
  const { page } = reader.browser;
  await page.getByLabel("Profession").fill(reader.profession);
  await page.getByLabel("Years of practice in it").fill(String(reader.years));
  await page.getByLabel("I have read the instructions").check();
  await page.getByRole("button", { name: "Begin reading" }).click();
}

/** Waits for an item; the keys of what is asked about it. */
export async function item(reader, number, total) {
  const { page } = reader.browser;
  await page.getByText(`Item ${number} of ${total}`, { exact: true }).first().waitFor();
  await page.getByRole("img", { name: /^Image to be judged/ }).waitFor();
  await page.waitForTimeout(LOOKING);
  return page
    .locator("[data-question]")
    .evaluateAll((all) => all.map((each) => each.dataset.question));
}

/** Answers what is asked by single digits and, where a number is asked for, by typing it. */
export async function press(reader, asked, answer) {
  const { keyboard } = reader.browser.page;
  if (answer === null) {
    await keyboard.press("x");
    return;
  }
  for (const question of asked) {
    await keyboard.type(String(answer[question]));
  }
}

/** With a comment, Enter submits from the button; the comment itself is left with Escape. */
export async function submit(reader, comment = "") {
  const { keyboard } = reader.browser.page;
  if (comment) {
    await keyboard.press("c");
    await keyboard.type(comment);
    await keyboard.press("Escape");
  }
  await keyboard.press("Enter");
}

/** From Enter to the next item on the screen, as the browser measured it. */
export async function keepTimes(reader) {
  const times = await reader.browser.page.evaluate(() =>
    performance.getEntriesByName("vitrine-next-item").map(({ duration }) => duration),
  );
  reader.nextItem.push(...times);
}

/** Everything that the server said to a reader: addresses and bodies. */
export async function heard(reader) {
  const bodies = await Promise.all(reader.told.map(({ text }) => text));
  return reader.told.map(({ url }, place) => ({ url, body: bodies[place] }));
}
