/** Before anything else: who is there. */

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  assertAccessible,
  assertNotForDiagnosis,
  journey,
  request,
  screenshot,
  signIn,
} from "../support/journey.mjs";
import { ADMIN } from "../support/server.mjs";

describe("signing in", () => {
  it("stands in front of every page", async () => {
    await journey.page.goto(`${journey.url}/models`);
    await journey.page.getByRole("heading", { name: "Sign in" }).waitFor();
    await screenshot("0-sign-in");
    await assertAccessible("the sign-in page");
    await assertNotForDiagnosis();
    assert.equal((await request("GET", "/cases")).status(), 401);
  });

  it("is refused in words; the e-mail stays", async () => {
    await signIn({ ...ADMIN, password: "not this one" });
    await journey.page.getByRole("alert").filter({ hasText: "wrong" }).waitFor();
    assert.equal(await journey.page.getByLabel("E-mail").inputValue(), ADMIN.email);
    await screenshot("0-sign-in-refused");
    await assertAccessible("a refused sign-in");
  });

  it("leads to the page that was asked for", async () => {
    await signIn(ADMIN);
    await journey.page
      .getByRole("table", { name: /^Versions of/ })
      .first()
      .waitFor();
    assert.match(journey.page.url(), /\/models/);
    await journey.page.getByRole("button", { name: /^Account of/ }).waitFor();
  });
});
