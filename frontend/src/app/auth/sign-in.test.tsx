import { screen, waitFor } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { describe, expect, it } from "vitest";
import { makeAccount, makeSession, PASSWORD, READER } from "../../shared/testing/account-fixtures";
import { accounts, signInAs } from "../../shared/testing/account-server";
import { makeCase } from "../../shared/testing/fixtures";
import { server, state } from "../../shared/testing/server";
import { renderApp } from "../testing/render-app";

const email = () => screen.findByLabelText("E-mail");
const password = () => screen.getByLabelText("Password");

describe("signing in", () => {
  it("stands in front of every address, which is shown afterwards", async () => {
    signInAs(null);
    const { user, router } = renderApp("/models");
    await user.type(await email(), "anna@hospital.example");
    expect(screen.getByText("Research use only. Not for diagnosis.")).toBeInTheDocument();
    await user.type(password(), `${PASSWORD}{Enter}`);
    expect(await screen.findByRole("link", { name: /^dermoscopy-small/ })).toBeInTheDocument();
    expect(router.state.location.pathname).toBe("/models");
    expect(screen.getByRole("button", { name: "Account of Anna Weber" })).toBeInTheDocument();
  });

  it("is refused in words; the e-mail stays, the password is typed anew", async () => {
    signInAs(null);
    const { user } = renderApp("/");
    await user.type(await email(), "anna@hospital.example");
    await user.type(password(), "wrong{Enter}");
    expect(await screen.findByRole("alert")).toHaveTextContent("E-mail or password is wrong.");
    expect(await email()).toHaveValue("anna@hospital.example");
    expect(password()).toHaveValue("");
    expect(password()).toHaveFocus();
  });

  it("tells password managers what the fields are", async () => {
    signInAs(null);
    renderApp("/");
    expect(await email()).toHaveAttribute("autocomplete", "username");
    expect(password()).toHaveAttribute("autocomplete", "current-password");
  });

  it("says where the first password is", async () => {
    accounts.session = makeSession(null, { first_start: true });
    renderApp("/");
    expect(await screen.findByText("This is the first start")).toBeInTheDocument();
    expect(screen.getByText("admin@localhost")).toBeInTheDocument();
  });

  it("offers single sign-on, which leads back to the page that was asked for", async () => {
    accounts.session = makeSession(null, { single_sign_on: "Hospital ID" });
    renderApp("/models?x=1");
    expect(await screen.findByRole("link", { name: "Sign in with Hospital ID" })).toHaveAttribute(
      "href",
      "/api/v1/auth/oidc/start?next=%2Fmodels%3Fx%3D1",
    );
  });

  it("says why single sign-on failed", async () => {
    accounts.session = makeSession(null, { single_sign_on: "Hospital ID" });
    renderApp("/sign-in?problem=not_known");
    expect(await screen.findByRole("alert")).toHaveTextContent("Ask an administrator");
    expect(screen.getByRole("link", { name: /Hospital ID/ })).toHaveAttribute(
      "href",
      "/api/v1/auth/oidc/start?next=%2F",
    );
  });

  it("says when the server cannot be reached, and tries again", async () => {
    server.use(http.get("*/api/v1/auth/session", () => HttpResponse.error(), { once: true }));
    server.use(http.get("*/api/v1/auth/session", () => HttpResponse.error(), { once: true }));
    server.use(http.get("*/api/v1/auth/session", () => HttpResponse.error(), { once: true }));
    const { user } = renderApp("/");
    expect(await screen.findByText("The server gave no answer")).toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: "Try again" }));
    expect(await screen.findByText("No cases yet")).toBeInTheDocument();
  });
});

describe("signing out", () => {
  it("leads to the sign-in page, and the next person sees nothing of it", async () => {
    state.cases = [makeCase({ pseudonym: "Only Anna's" })];
    const { user, router } = renderApp("/models");
    await user.click(await screen.findByRole("link", { name: "Cases" }));
    expect(await screen.findByText("Only Anna's")).toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: "Account of Anna Weber" }));
    await user.click(await screen.findByRole("menuitem", { name: "Sign out" }));
    expect(await email()).toHaveValue("");
    expect(router.state.location.pathname).toBe("/");
    signInAs(READER);
    accounts.session = makeSession(null);
    state.cases = [];
    await user.type(await email(), READER.email);
    await user.type(password(), `${PASSWORD}{Enter}`);
    expect(await screen.findByText("No cases yet")).toBeInTheDocument();
    expect(screen.queryByText("Only Anna's")).toBeNull();
  });

  it("in another tab signs this one out as well", async () => {
    renderApp("/");
    await screen.findByText("No cases yet");
    signInAs(null);
    window.dispatchEvent(
      new StorageEvent("storage", { key: "vitrine.session", newValue: "out 1" }),
    );
    expect(await email()).toBeInTheDocument();
  });

  it("says when it failed", async () => {
    server.use(http.post("*/api/v1/auth/logout", () => HttpResponse.error()));
    const { user } = renderApp("/");
    await user.click(await screen.findByRole("button", { name: "Account of Anna Weber" }));
    await user.click(await screen.findByRole("menuitem", { name: "Sign out" }));
    expect(await screen.findByText("Not signed out")).toBeInTheDocument();
  });
});

describe("the first start", () => {
  const prepared = makeAccount({
    name: "Administrator",
    email: "admin@localhost",
    must_change_password: true,
  });

  it("asks for name, e-mail and a password of one's own, but not again for the one just typed", async () => {
    accounts.password = "one-time";
    signInAs(prepared);
    accounts.session = makeSession(null, { first_start: true });
    const { user } = renderApp("/");
    await user.type(await email(), "admin@localhost");
    await user.type(password(), "one-time{Enter}");
    await user.type(await screen.findByLabelText("Your name"), "Anna Weber");
    expect(screen.queryByLabelText("One-time password")).toBeNull();
    await user.clear(await email());
    await user.type(await email(), "anna@hospital.example");
    const own = screen.getByLabelText("Password of your own");
    expect(own).toHaveAttribute("autocomplete", "new-password");
    await user.type(own, "short{Enter}");
    expect(await screen.findByText("This is shorter than 12 characters.")).toBeInTheDocument();
    await user.clear(own);
    await user.type(own, "four words that fit{Enter}");
    expect(await screen.findByText("No cases yet")).toBeInTheDocument();
    expect(accounts.password).toBe("four words that fit");
    expect(accounts.session.account).toMatchObject({
      name: "Anna Weber",
      email: "anna@hospital.example",
    });
  });

  it("asks for the one-time password after a reload, and says when it is wrong", async () => {
    accounts.password = "one-time";
    signInAs(prepared);
    const { user } = renderApp("/");
    await user.type(await screen.findByLabelText("Your name"), "Anna");
    const current = screen.getByLabelText("One-time password");
    await user.type(current, "other");
    await user.type(screen.getByLabelText("Password of your own"), "four words that fit{Enter}");
    expect(await screen.findByText(/The current password is not right/)).toBeInTheDocument();
    await user.clear(current);
    await user.type(current, "one-time{Enter}");
    expect(await screen.findByText("No cases yet")).toBeInTheDocument();
  });

  it("goes on where it stopped when the second half failed", async () => {
    accounts.password = "one-time";
    signInAs(prepared);
    const taken = () =>
      HttpResponse.json(
        { error: "email_taken", detail: "Another account has it." },
        { status: 409 },
      );
    server.use(http.patch("*/api/v1/account", taken, { once: true }));
    const { user } = renderApp("/");
    await user.type(await screen.findByLabelText("Your name"), "Anna");
    await user.type(screen.getByLabelText("One-time password"), "one-time");
    await user.type(screen.getByLabelText("Password of your own"), "four words that fit{Enter}");
    expect(await screen.findByText("Another account has it.")).toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: "Save and go on" }));
    await waitFor(() => expect(accounts.session.account?.name).toBe("Anna"));
    expect(await screen.findByText("No cases yet")).toBeInTheDocument();
  });
});

describe("a link", () => {
  it("lets somebody in who was invited, and leaves the address bar", async () => {
    signInAs(READER);
    accounts.session = makeSession(null);
    accounts.link = { token: "t0ken", purpose: "invitation" };
    const { user, router } = renderApp("/welcome#token=t0ken");
    const name = await screen.findByLabelText("Your name");
    expect(name).toHaveValue("Ben Okafor");
    expect(router.state.location.hash).toBe("");
    expect(await email()).toHaveValue(READER.email);
    const own = screen.getByLabelText("Password of your own");
    await user.type(own, "passwordpassword{Enter}");
    expect(await screen.findByText("Choose a longer password.")).toBeInTheDocument();
    await user.clear(own);
    await user.type(own, "four words that fit");
    await user.type(name, " MD");
    await user.click(screen.getByRole("button", { name: "Accept and sign in" }));
    expect(
      await screen.findByRole("button", { name: "Account of Ben Okafor MD" }),
    ).toBeInTheDocument();
    expect(router.state.location.pathname).toBe("/");
  });

  it("sets a new password without asking for the name", async () => {
    accounts.link = { token: "t0ken", purpose: "reset" };
    renderApp("/welcome#token=t0ken");
    expect(await screen.findByLabelText("New password")).toBeInTheDocument();
    expect(screen.queryByLabelText("Your name")).toBeNull();
  });

  it("that is not valid any more, or incomplete, says so", async () => {
    const used = renderApp("/welcome#token=used");
    expect(await screen.findByText(/was used already or has run out/)).toBeInTheDocument();
    used.unmount();
    renderApp("/welcome");
    expect(await screen.findByText(/The address is incomplete/)).toBeInTheDocument();
  });
});
