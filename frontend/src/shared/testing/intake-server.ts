/** Reviews of the fixture server, and what was taken out of a case's file. */

import { HttpResponse, http } from "msw";
import type { Case, DeidentificationRead, ReviewCreate } from "../api/types";

const API = "*/api/v1";

export const intake = {
  /** Bodies of POST …/review, in order. */
  reviews: [] as ReviewCreate[],
  removed: makeDeidentification(),
};

export function resetIntake(): void {
  intake.reviews = [];
  intake.removed = makeDeidentification();
}

export function makeDeidentification(
  overrides: Partial<DeidentificationRead> = {},
): DeidentificationRead {
  return {
    report: {
      profile: "DICOM PS3.15 Basic Application Level Confidentiality Profile",
      methods: [
        { value: "113100", meaning: "Basic Application Confidentiality Profile" },
        { value: "113107", meaning: "Retain Longitudinal Temporal Information Modified Dates" },
      ],
      elements: [
        { tag: "(0010,0010)", name: "Patient's Name", action: "replaced", occurrences: 1 },
        { tag: "(0010,0030)", name: "Patient's Birth Date", action: "removed", occurrences: 1 },
        { tag: "(0008,0020)", name: "Study Date", action: "shifted", occurrences: 3 },
        { tag: "(0008,0018)", name: "SOP Instance UID", action: "remapped", occurrences: 2 },
      ],
      private_removed: 37,
    },
    found: [],
    regions: [],
    original_kept: false,
    ...overrides,
  };
}

async function review(found: Case | undefined, request: Request) {
  const body = (await request.json()) as ReviewCreate;
  intake.reviews.push(body);
  return found
    ? HttpResponse.json(Object.assign(found, { review: "done", image_version: "reviewed" }))
    : HttpResponse.json({ error: "case_not_found", detail: "There is no case." }, { status: 404 });
}

export const intakeHandlers = (cases: () => readonly Case[]) => [
  http.get(`${API}/cases/:id/deidentification`, () => HttpResponse.json(intake.removed)),
  http.post(`${API}/cases/:id/review`, ({ params, request }) =>
    review(
      cases().find(({ id }) => id === params.id),
      request,
    ),
  ),
];
