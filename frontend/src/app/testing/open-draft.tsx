import { screen, waitFor } from "@testing-library/react";
import { expect } from "vitest";
import type { StudyDesign, StudyRead } from "../../shared/api/types";
import { makeStudy } from "../../shared/testing/study-fixtures";
import { studyState } from "../../shared/testing/study-server";
import { renderApp } from "./render-app";

let opened = 0;

/** An id for each test: what a page sends when it is left must not reach the study of the next one. */
export function nextStudyId(): string {
  opened += 1;
  return opened.toString(16).padStart(32, "4");
}

/** A draft at one of its steps, against the fixture server. */
export async function openDraft(studyId: string, step: string, study: StudyRead = makeStudy()) {
  studyState.studies = [{ ...study, id: studyId }];
  const view = renderApp(`/studies/${studyId}?step=${step}`);
  await screen.findByRole("navigation", { name: "Steps of the design" });
  return view;
}

/** What reached the server last. */
export function savedDesign(): StudyDesign | undefined {
  return studyState.updates.at(-1)?.design;
}

/** What was changed has reached the server. */
export async function whenSaved(check: () => void): Promise<void> {
  await waitFor(check, { timeout: 5_000 });
  expect(await screen.findByText("Saved")).toBeInTheDocument();
}
