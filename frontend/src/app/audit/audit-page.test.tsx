import { screen, waitFor, within } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { describe, expect, it } from "vitest";
import { makeAuditEvent } from "../../shared/testing/account-fixtures";
import { accounts } from "../../shared/testing/account-server";
import { problem, server } from "../../shared/testing/server";
import { renderApp } from "../testing/render-app";

describe("the audit trail", () => {
  it("says who did what to what, from where, and what was different", async () => {
    const { user } = renderApp("/audit");
    const words = await screen.findByText("changed a case", { selector: "td" });
    const row = words.closest("tr") as HTMLElement;
    expect(row).toHaveTextContent("anna@hospital.example");
    expect(row).toHaveTextContent("10.0.0.7");
    expect(row).toHaveTextContent("pseudonym: Case 0123AB → Patient 7");
    expect(within(row).getByRole("link", { name: "case 01234567" })).toHaveAttribute(
      "href",
      "/cases/0123456789abcdef0123456789abcdef",
    );
    await user.click(screen.getByRole("button", { name: "Details of event 7" }));
    expect(screen.getByText("ab".repeat(32))).toBeInTheDocument();
    expect(screen.getByText("1 of 1")).toBeInTheDocument();
  });

  it("keeps its filters in the address, and exports the same", async () => {
    const address = "actor=anna%40hospital.example&since=2026-11-01";
    const { user, router } = renderApp(`/audit?${address}`);
    expect(await screen.findByRole("combobox", { name: "Person" })).toHaveValue(
      "anna@hospital.example",
    );
    await waitFor(() =>
      expect(accounts.eventQueries[0]?.get("actor")).toBe("anna@hospital.example"),
    );
    await user.type(screen.getByLabelText("Subject"), "case/*");
    await user.click(screen.getByRole("button", { name: "Filter" }));
    expect(router.state.location.search).toContain("subject=case%2F*");
    expect(router.state.location.search).toContain("since=2026-11-01");
    await waitFor(() => expect(accounts.eventQueries.at(-1)?.get("subject")).toBe("case/*"));
    const csv = await screen.findByRole("link", { name: "CSV" });
    expect(csv.getAttribute("href")).toMatch(/export\?format=csv&actor=anna.*subject=case%2F\*/);
    await user.click(screen.getByRole("button", { name: "Show all" }));
    expect(router.state.location.search).toBe("");
  });

  it("filters by an action that occurs, in words", async () => {
    accounts.events = [
      makeAuditEvent({ sequence: 9, action: "session.started", subject: "account/x" }),
      makeAuditEvent(),
    ];
    const { user, router } = renderApp("/audit");
    await screen.findByText("2 of 2");
    await user.click(screen.getByRole("combobox", { name: "Action" }));
    await user.click(await screen.findByRole("option", { name: "signed in", hidden: true }));
    expect(router.state.location.search).toBe("?action=session.started");
    expect(await screen.findByText("1 of 1")).toBeInTheDocument();
  });

  it("shows more, page after page", async () => {
    accounts.events = Array.from({ length: 60 }, (_, at) => makeAuditEvent({ sequence: 60 - at }));
    const { user } = renderApp("/audit");
    expect(await screen.findByText("50 of 60")).toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: "Show more" }));
    expect(await screen.findByText("60 of 60")).toBeInTheDocument();
  });

  it("is checked when asked for", async () => {
    const { user } = renderApp("/audit");
    await user.click(await screen.findByRole("button", { name: "Check the trail" }));
    expect(await screen.findByText(/12.345 events, each as it was written/)).toBeInTheDocument();
  });

  it("lists what is wrong with it", async () => {
    const problems = [{ sequence: 12, text: "The fingerprint does not match." }];
    server.use(
      http.get("*/api/v1/audit-events/verification", () =>
        HttpResponse.json({ events: 20, problems, unbroken: false }),
      ),
    );
    const { user } = renderApp("/audit");
    await user.click(await screen.findByRole("button", { name: "Check the trail" }));
    expect(await screen.findByRole("alert")).toHaveTextContent(
      "Event 12: The fingerprint does not match.",
    );
  });

  it("says when nothing matches, and why it could not be read", async () => {
    accounts.events = [];
    const empty = renderApp("/audit?actor=nobody");
    expect(await screen.findByText("No event matches these filters.")).toBeInTheDocument();
    empty.unmount();
    server.use(http.get("*/api/v1/audit-events", () => problem(500, "x", "Locked.")));
    renderApp("/audit");
    expect(await screen.findByText("The audit trail could not be read")).toBeInTheDocument();
  });
});
