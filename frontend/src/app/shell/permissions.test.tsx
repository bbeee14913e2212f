import { screen, waitFor } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { COORDINATOR, READER } from "../../shared/testing/account-fixtures";
import { signInAs } from "../../shared/testing/account-server";
import { makeDataset } from "../../shared/testing/dataset-fixtures";
import { datasetState } from "../../shared/testing/dataset-server";
import { renderApp } from "../testing/render-app";

describe("a reader", () => {
  it("has no data sets in the navigation, and no pages of administrators in the menu", async () => {
    signInAs(READER);
    const { user } = renderApp("/");
    expect(await screen.findByRole("link", { name: "Models" })).toBeInTheDocument();
    expect(screen.queryByRole("link", { name: "Data sets" })).toBeNull();
    await user.click(screen.getByRole("button", { name: "Account of Ben Okafor" }));
    expect(await screen.findByRole("menuitem", { name: "Account" })).toBeInTheDocument();
    expect(screen.queryByRole("menuitem", { name: /People|Audit/ })).toBeNull();
    expect(screen.queryByText(/invite the people/)).toBeNull();
  });

  it.each(["/datasets", "/datasets/busi", "/audit", "/people"])(
    "is told that %s is not for the role",
    async (path) => {
      signInAs(READER);
      renderApp(path);
      expect(await screen.findByRole("heading", { name: /not for your role/ })).toBeInTheDocument();
    },
  );
});

describe("a study coordinator", () => {
  it("looks at data sets, but neither imports nor deletes", async () => {
    signInAs(COORDINATOR);
    datasetState.datasets = [makeDataset(), makeDataset({ id: "x", name: "x", status: "failed" })];
    const { user } = renderApp("/datasets");
    await waitFor(() => expect(screen.getAllByRole("link", { name: /Breast/ })).toHaveLength(2));
    expect(screen.queryByRole("button", { name: /Import|Try again|Remove/ })).toBeNull();
    await user.click(screen.getAllByRole("link", { name: /Breast/ })[0] as HTMLElement);
    expect(await screen.findByRole("region", { name: "The data set" })).toBeInTheDocument();
    expect(screen.queryByRole("button", { name: /Delete/ })).toBeNull();
  });
});

describe("an administrator", () => {
  it("is told what else there is to begin with", async () => {
    renderApp("/");
    expect(await screen.findByRole("link", { name: "invite the people" })).toHaveAttribute(
      "href",
      "/people",
    );
  });
});
