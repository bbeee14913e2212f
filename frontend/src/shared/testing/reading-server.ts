/** The fixture server as readers of a study meet it: items one after the other, answers kept and locked. */

import { HttpResponse, http } from "msw";
import type {
  ReadingAmendment,
  ReadingDraftUpdate,
  ReadingItem,
  ReadingQuery,
  ReadingQueryCreate,
  ReadingRead,
  ReadingResponse,
  ReadingResponseCreate,
  ReadingStart,
  ReadingStatus,
} from "../api/types";
import {
  makeNext,
  makeReadingDraft,
  makeReadingItem,
  makeReadingQuery,
  makeResponse,
  NEXT_ASSIGNMENT_ID,
  readingSummaryOf,
} from "./reading-fixtures";

interface ReadingState {
  readings: ReadingRead[];
  /** Still to be read, the next first. */
  items: ReadingItem[];
  responses: ReadingResponse[];
  queries: ReadingQuery[];
  /** What follows the last item. */
  afterwards: ReadingStatus;
  /** Items by id of their answer, for corrections. */
  answeredItems: Map<string, ReadingItem>;
  /** Bodies of requests, in order. */
  started: ReadingStart[];
  drafts: { id: string; body: ReadingDraftUpdate }[];
  answered: ReadingResponseCreate[];
  amended: ReadingAmendment[];
  asked: ReadingQueryCreate[];
}

const begin = (): ReadingState => ({
  readings: [],
  items: [makeReadingItem(), makeReadingItem({ id: NEXT_ASSIGNMENT_ID, number: 2 })],
  responses: [],
  queries: [],
  afterwards: "finished",
  answeredItems: new Map(),
  started: [],
  drafts: [],
  answered: [],
  amended: [],
  asked: [],
});

export const readingState: ReadingState = begin();

export function resetReadings(): void {
  Object.assign(readingState, begin());
}

const API = "*/api/v1";

const refused = (error: string, detail: string) =>
  HttpResponse.json({ error, detail }, { status: 409 });

const outOfTurn = () =>
  refused("out_of_turn", "Another item comes first; load the next item again.");

const sameAnswer = (before: ReadingResponse, { answers, cannot_judge }: ReadingResponseCreate) =>
  JSON.stringify(before.answers) === JSON.stringify(answers) &&
  before.cannot_judge === (cannot_judge ?? false);

const missing = () =>
  HttpResponse.json(
    { error: "reading_not_found", detail: "You are no reader of a study with this id." },
    { status: 404 },
  );

const find = (id: unknown) => readingState.readings.find((reading) => reading.study_id === id);

function next(id: unknown) {
  const reading = find(id);
  if (!reading) {
    return missing();
  }
  const [item = null, upcoming = null] = readingState.items;
  const reads = reading.status === "reading" || reading.status === "invited";
  return HttpResponse.json(
    makeNext({
      status: reading.status,
      item: reads ? item : null,
      upcoming: reads ? upcoming : null,
      done: reading.done,
      total: reading.total,
      opens_at: reading.opens_at,
    }),
  );
}

async function start(id: unknown, request: Request) {
  const reading = find(id);
  const body = (await request.json()) as ReadingStart;
  readingState.started.push(body);
  return reading
    ? HttpResponse.json(
        Object.assign(reading, { status: "reading", profile: body.profile ?? reading.profile }),
      )
    : missing();
}

/** The same sent again gives the same back. */
async function respond(id: unknown, request: Request) {
  const reading = find(id);
  const body = (await request.json()) as ReadingResponseCreate;
  if (!reading) {
    return missing();
  }
  readingState.answered.push(body);
  const before = readingState.responses.find((each) => each.assignment_id === body.assignment_id);
  if (before) {
    return sameAnswer(before, body)
      ? HttpResponse.json(before, { status: 201 })
      : refused("answer_locked", "This item is answered already, and answers are locked.");
  }
  const [item] = readingState.items;
  if (!item || item.id !== body.assignment_id) {
    return outOfTurn();
  }
  const response = makeResponse({
    id: (readingState.responses.length + 1).toString(16).padStart(32, "e"),
    assignment_id: body.assignment_id,
    session: item.session,
    number: item.number,
    practice: item.practice,
    answers: body.answers,
    cannot_judge: body.cannot_judge,
    comment: body.comment,
  });
  readingState.responses = [response, ...readingState.responses];
  readingState.answeredItems.set(response.id, { ...item, draft: null });
  readingState.items = readingState.items.filter((each) => each.id !== body.assignment_id);
  reading.done += 1;
  if (readingState.items.length === 0) {
    reading.status = readingState.afterwards;
  }
  return HttpResponse.json(response, { status: 201 });
}

async function keepDraft(id: unknown, request: Request) {
  const body = (await request.json()) as ReadingDraftUpdate;
  const [item] = readingState.items;
  if (!item || item.id !== id) {
    return outOfTurn();
  }
  item.draft = makeReadingDraft(body);
  readingState.drafts.push({ id: String(id), body });
  return HttpResponse.json(makeReadingDraft(body));
}

async function amend(id: unknown, request: Request) {
  readingState.amended.push((await request.json()) as ReadingAmendment);
  const found = readingState.responses.find((each) => each.id === id);
  return found
    ? HttpResponse.json(Object.assign(found, { amendments: found.amendments + 1 }), { status: 201 })
    : missing();
}

async function ask(request: Request) {
  const body = (await request.json()) as ReadingQueryCreate;
  readingState.asked.push(body);
  const query = makeReadingQuery({
    id: (readingState.queries.length + 1).toString(16).padStart(32, "d"),
    text: body.text,
  });
  readingState.queries = [query, ...readingState.queries];
  return HttpResponse.json(query, { status: 201 });
}

export const readingHandlers = [
  http.get(`${API}/readings`, () =>
    HttpResponse.json({ items: readingState.readings.map(readingSummaryOf) }),
  ),
  http.get(`${API}/readings/:id`, ({ params }) => {
    const found = find(params.id);
    return found ? HttpResponse.json(found) : missing();
  }),
  http.post(`${API}/readings/:id/start`, ({ params, request }) => start(params.id, request)),
  http.post(`${API}/readings/:id/reminder/seen`, ({ params }) => {
    const found = find(params.id);
    if (found) {
      Object.assign(found, { reminded_at: null, new_replies: 0 });
    }
    return new HttpResponse(null, { status: 204 });
  }),
  http.get(`${API}/reader-studies/:id/next`, ({ params }) => next(params.id)),
  http.post(`${API}/reader-studies/:id/responses`, ({ params, request }) =>
    respond(params.id, request),
  ),
  http.get(
    `${API}/readings/:id/items/:item/image`,
    () => new HttpResponse(new Uint8Array([1]), { headers: { "Content-Type": "image/png" } }),
  ),
  http.put(`${API}/readings/:id/items/:item/draft`, ({ params, request }) =>
    keepDraft(params.item, request),
  ),
  http.get(`${API}/readings/:id/responses`, () =>
    HttpResponse.json({ items: readingState.responses }),
  ),
  http.get(`${API}/readings/:id/responses/:response/item`, ({ params }) => {
    const found = readingState.answeredItems.get(String(params.response));
    return found ? HttpResponse.json(found) : missing();
  }),
  http.post(`${API}/readings/:id/responses/:response/amendments`, ({ params, request }) =>
    amend(params.response, request),
  ),
  http.get(`${API}/readings/:id/queries`, () => HttpResponse.json({ items: readingState.queries })),
  http.post(`${API}/readings/:id/queries`, ({ request }) => ask(request)),
];
