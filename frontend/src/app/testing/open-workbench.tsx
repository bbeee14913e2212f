import { screen, within } from "@testing-library/react";
import { CASE_ID, makeCase, makePrediction } from "../../shared/testing/fixtures";
import { state } from "../../shared/testing/server";
import { renderApp } from "./render-app";

export const CASE_PATH = `/cases/${CASE_ID}`;

/** A case with one prediction, and its workbench. */
export async function openWorkbench(search = "?tab=what-if") {
  state.cases = [makeCase({ synthetic: true })];
  state.predictions = [makePrediction()];
  const view = renderApp(`${CASE_PATH}${search}`);
  const panel = within(await screen.findByRole("region", { name: "What if" }));
  return { ...view, panel };
}

export const plain = (text: string | null | undefined) => (text ?? "").replace(/\u202f/g, " ");

/** What stands in the row of a class. */
export const rowOf = (name: string) => {
  const cell = screen.getByRole("rowheader", { name: new RegExp(`^${name}`) });
  return plain(cell.closest("tr")?.textContent);
};

export const optionOf = (id: string) =>
  document.querySelector(`[data-option="${id}"]`) as HTMLButtonElement;

export const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
