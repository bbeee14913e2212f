import { screen, within } from "@testing-library/react";
import { SET_ID } from "../../shared/testing/concept-set-fixtures";
import { renderApp } from "./render-app";

export const SET_PATH = `/concept-sets/${SET_ID}`;

/** The page of a concept set, with the tree of its options. */
export async function openConceptSet(search = "") {
  const view = renderApp(`${SET_PATH}${search}`);
  const tree = within(await screen.findByRole("region", { name: "Groups and options" }));
  return { ...view, tree };
}

/** Ids of the rows of the tree, from top to bottom. */
export const treeRows = () =>
  [...document.querySelectorAll("[data-roving]")].map((row) => row.getAttribute("data-id"));
