/** What readers of a study are sent. Typed by the OpenAPI file, as in fixtures.ts. */

import type {
  ReadingDraft,
  ReadingItem,
  ReadingNext,
  ReadingQuery,
  ReadingRead,
  ReadingResponse,
  ReadingSummary,
} from "../api/types";
import { makeItemContent, STUDY_ID } from "./study-fixtures";

export const ASSIGNMENT_ID = "51".repeat(16);
export const NEXT_ASSIGNMENT_ID = "52".repeat(16);
export const RESPONSE_ID = "53".repeat(16);

export function makeReading(overrides: Partial<ReadingRead> = {}): ReadingRead {
  return {
    study_id: STUDY_ID,
    title: "Do experts agree with the maps?",
    status: "invited",
    session: 1,
    done: 0,
    total: 5,
    opens_at: null,
    reminded_at: null,
    new_replies: 0,
    last_answer_at: null,
    question: "Do the maps of the concepts lie where experts see them?",
    instructions: "Look at the image first.",
    clinical_information: "",
    coordinator: "Anna Weber",
    tasks: [{ title: "Localization", instructions: "Rate where the map lies." }],
    sessions: [{ number: 1, done: 0, total: 5, opens_at: null }],
    idle_seconds: 30,
    show_progress: true,
    amend_answers: false,
    ask_profile: true,
    profile: null,
    practice: 1,
    ...overrides,
  };
}

/** What the list of one's studies says of it. */
export function readingSummaryOf(reading: ReadingRead): ReadingSummary {
  return {
    study_id: reading.study_id,
    title: reading.title,
    status: reading.status,
    session: reading.session,
    done: reading.done,
    total: reading.total,
    opens_at: reading.opens_at,
    reminded_at: reading.reminded_at,
    new_replies: reading.new_replies,
    last_answer_at: reading.last_answer_at,
  };
}

export function makeReadingItem(overrides: Partial<ReadingItem> = {}): ReadingItem {
  const id = overrides.id ?? ASSIGNMENT_ID;
  return {
    id,
    session: 1,
    number: 1,
    practice: false,
    image: `/readings/${STUDY_ID}/items/${id}/image`,
    width: 640,
    height: 480,
    content: makeItemContent(),
    draft: null,
    ...overrides,
  };
}

/** An item, and the one after it. */
export function makeNext(overrides: Partial<ReadingNext> = {}): ReadingNext {
  return {
    status: "reading",
    item: makeReadingItem(),
    upcoming: makeReadingItem({ id: NEXT_ASSIGNMENT_ID, number: 2 }),
    done: 0,
    total: 5,
    opens_at: null,
    ...overrides,
  };
}

export function makeReadingDraft(overrides: Partial<ReadingDraft> = {}): ReadingDraft {
  return {
    answers: {},
    comment: "",
    cannot_judge: false,
    active_ms: 0,
    idle_ms: 0,
    ...overrides,
  };
}

export function makeResponse(overrides: Partial<ReadingResponse> = {}): ReadingResponse {
  return {
    id: RESPONSE_ID,
    assignment_id: ASSIGNMENT_ID,
    session: 1,
    number: 1,
    practice: false,
    answers: { rating: 4 },
    cannot_judge: false,
    comment: "",
    submitted_at: "2026-11-21T09:30:00Z",
    amendments: 0,
    ...overrides,
  };
}

export function makeReadingQuery(overrides: Partial<ReadingQuery> = {}): ReadingQuery {
  return {
    id: "54".repeat(16),
    session: 1,
    number: 1,
    text: "Is the ruler part of the image?",
    created_at: "2026-11-21T09:40:00Z",
    reply: null,
    replied_at: null,
    ...overrides,
  };
}
