import { render, screen } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { createMemoryRouter, RouterProvider } from "react-router";
import { describe, expect, it, vi } from "vitest";
import { createQueryClient } from "../../shared/api/query-client";
import { server } from "../../shared/testing/server";
import { Providers } from "../providers";
import { renderApp } from "../testing/render-app";
import { ErrorPage } from "./error-page";

function Broken(): never {
  throw new Error("a part of the page was missing");
}

describe("shell", () => {
  it("says on every screen what it is not for", async () => {
    for (const path of ["/", "/models", "/nowhere"]) {
      const { unmount } = renderApp(path);
      expect(await screen.findByText("Research use only. Not for diagnosis.")).toBeInTheDocument();
      unmount();
    }
  });

  it("shows the state of server and model", async () => {
    renderApp("/");
    expect(await screen.findByText("Ready, 1 model")).toBeInTheDocument();
  });

  it("says when the server is away", async () => {
    server.use(http.get("*/api/v1/health", () => HttpResponse.error()));
    renderApp("/");
    expect(await screen.findByText("Server not reachable")).toBeInTheDocument();
  });

  it("opens the help with ? and can switch single keys off", async () => {
    const { user } = renderApp("/nowhere");
    await screen.findByText("There is no page at this address");
    await user.keyboard("?");
    expect(await screen.findByRole("dialog", { name: "Keys and mouse" })).toBeInTheDocument();
    await user.click(screen.getByRole("switch", { name: /Single-key shortcuts/ }));
    await user.keyboard("{Escape}?");
    expect(screen.queryByRole("dialog")).toBeNull();
    await user.click(screen.getByRole("button", { name: "Help" }));
    expect(await screen.findByRole("dialog")).toBeInTheDocument();
  });

  it("leads back from an unknown address", async () => {
    const { user, router } = renderApp("/nowhere");
    await user.click(await screen.findByRole("link", { name: "Go to the cases" }));
    expect(router.state.location.pathname).toBe("/");
  });

  it("says what to do when a page breaks", async () => {
    vi.spyOn(console, "error").mockImplementation(() => undefined);
    const routes = [{ path: "/", element: <Broken />, errorElement: <ErrorPage /> }];
    render(
      <Providers queryClient={createQueryClient()}>
        <RouterProvider router={createMemoryRouter(routes)} />
      </Providers>,
    );
    expect(await screen.findByText("This page could not be shown")).toBeInTheDocument();
    expect(screen.getByText("a part of the page was missing")).toBeInTheDocument();
    expect(screen.getByRole("button", { name: "Reload the page" })).toBeInTheDocument();
  });
});
