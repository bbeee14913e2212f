/** The reader studies of the fixture server, for those who run them: designed, published, closed. */

import { HttpResponse, http } from "msw";
import type {
  ReaderCandidate,
  ReaderInvite,
  StudyAmendment,
  StudyCandidate,
  StudyCandidateQuery,
  StudyCreate,
  StudyItem,
  StudyMember,
  StudyMemberUpdate,
  StudyPreview,
  StudyPreviewCreate,
  StudyProtocol,
  StudyQuery,
  StudyRead,
  StudyReader,
  StudyResults,
  StudySampleCreate,
  StudyUpdate,
} from "../api/types";
import {
  makeCandidate,
  makeOpenStudy,
  makePreview,
  makeStudy,
  makeStudyItem,
  makeStudyMember,
  makeStudyProtocol,
  makeStudyReader,
  OTHER_STUDY_ID,
  READER_CANDIDATES,
  summaryOf,
} from "./study-fixtures";
import { makeStudyResults } from "./study-result-fixtures";

interface StudyState {
  /** Newest first. */
  studies: StudyRead[];
  /** Images to choose from, whatever is asked for. */
  candidates: StudyCandidate[];
  preview: StudyPreview;
  readers: StudyReader[];
  readerCandidates: ReaderCandidate[];
  members: StudyMember[];
  queries: StudyQuery[];
  protocols: StudyProtocol[];
  items: StudyItem[];
  results: StudyResults;
  /** Bodies of requests, in order. */
  created: StudyCreate[];
  updates: StudyUpdate[];
  asked: StudyCandidateQuery[];
  drawn: StudySampleCreate[];
  previewed: StudyPreviewCreate[];
  amended: StudyAmendment[];
}

const begin = (): StudyState => ({
  studies: [],
  candidates: [makeCandidate()],
  preview: makePreview(),
  readers: [],
  readerCandidates: READER_CANDIDATES,
  members: [makeStudyMember()],
  queries: [],
  protocols: [],
  items: [makeStudyItem()],
  results: makeStudyResults(),
  created: [],
  updates: [],
  asked: [],
  drawn: [],
  previewed: [],
  amended: [],
});

export const studyState: StudyState = begin();

export function resetStudies(): void {
  Object.assign(studyState, begin());
}

const API = "*/api/v1/reader-studies";

const refuse = (status: number, error: string, detail: string) =>
  HttpResponse.json({ error, detail }, { status });

const missing = () =>
  refuse(404, "study_not_found", "There is no reader study with this id that you take part in.");

const find = (id: unknown) => studyState.studies.find((study) => study.id === id);

function change(id: unknown, changes: Partial<StudyRead>, status = 200) {
  const found = find(id);
  return found ? HttpResponse.json(Object.assign(found, changes), { status }) : missing();
}

function add(study: StudyRead) {
  studyState.studies = [study, ...studyState.studies];
  return HttpResponse.json(study, { status: 201 });
}

async function create(request: Request) {
  const body = (await request.json()) as StudyCreate;
  studyState.created.push(body);
  return add(makeStudy({ id: OTHER_STUDY_ID, design: body.design, revision: 1 }));
}

async function update(id: unknown, request: Request) {
  const body = (await request.json()) as StudyUpdate;
  const found = find(id);
  if (!found) {
    return missing();
  }
  if (found.status !== "draft") {
    return refuse(409, "study_frozen", "The study is published, so its design is frozen.");
  }
  if (found.revision !== body.revision) {
    return refuse(
      409,
      "study_changed",
      "Somebody else has changed the draft since you opened it. Reload it, then make your changes again.",
    );
  }
  studyState.updates.push(body);
  const { design } = body;
  return change(id, {
    design,
    title: design.title,
    cases: design.cases.length,
    revision: found.revision + 1,
  });
}

async function candidates(request: Request) {
  const body = (await request.json()) as StudyCandidateQuery;
  studyState.asked.push(body);
  const search = body.search.toLowerCase();
  const items = studyState.candidates.filter(({ label }) => label.toLowerCase().includes(search));
  const by_class: Record<string, number> = {};
  for (const { ref } of items) {
    const key = ref.truth_class ?? "";
    by_class[key] = (by_class[key] ?? 0) + 1;
  }
  return HttpResponse.json({ items: items.slice(0, 200), total: items.length, by_class });
}

async function draw(request: Request) {
  const body = (await request.json()) as StudySampleCreate;
  studyState.drawn.push(body);
  const items = studyState.candidates.slice(0, body.count);
  return HttpResponse.json({
    items,
    sampling: {
      method: "stratified_random",
      source: body.dataset_id ?? "cases",
      strata: body.strata,
      seed: body.seed,
      population: studyState.candidates.length,
    },
    short: {},
  });
}

/** Of those in the list of candidates; what is not there is called by its place. */
function casesOf(id: unknown) {
  const found = find(id);
  if (!found) {
    return missing();
  }
  const items = found.design.cases.map((ref, at) => {
    const known = studyState.candidates.find(
      (each) => each.ref.case_id === ref.case_id && each.ref.image === ref.image,
    );
    return makeCandidate({ label: `Case ${at + 1}`, ...known, ref });
  });
  return HttpResponse.json({ items });
}

async function invite(request: Request) {
  const body = (await request.json()) as ReaderInvite;
  const known = studyState.readerCandidates.find(({ id }) => id === body.user_id);
  const number = studyState.readers.length + 1;
  const reader = makeStudyReader({
    id: String(number).repeat(32).slice(0, 32),
    code: `R${number}`,
    name: known?.name ?? body.name ?? "",
    email: known?.email ?? body.email ?? null,
    status: "invited",
    pending_account: !known,
    done: 0,
    sessions: [],
    last_answer_at: null,
    expected_end: null,
  });
  studyState.readers.push(reader);
  const link = known
    ? null
    : { purpose: "invitation", path: "/welcome#token=t0ken", expires_at: "2026-11-28T09:00:00Z" };
  return HttpResponse.json({ reader, link, path: "/readings" }, { status: 201 });
}

const readerOf = (id: unknown) => studyState.readers.find((reader) => reader.id === id);
const noReader = () => refuse(404, "study_reader_not_found", "The study has no such reader.");

function remind(id: unknown) {
  const reader = readerOf(id);
  if (!reader) {
    return noReader();
  }
  reader.reminded_at = "2026-11-22T09:00:00Z";
  const { email } = reader;
  const text = `Dear ${reader.name},\n\nplease go on reading.`;
  return HttpResponse.json({ reader, email, subject: "Reader study", text }, { status: 201 });
}

async function reply(id: unknown, request: Request) {
  const { reply: words } = (await request.json()) as { reply: string };
  const found = studyState.queries.find((query) => query.id === id);
  return found
    ? HttpResponse.json(
        Object.assign(found, {
          reply: words,
          replied_by: studyState.members[0]?.user ?? null,
          replied_at: "2026-11-22T09:00:00Z",
        }),
      )
    : refuse(404, "study_query_not_found", "The study has no such question.");
}

async function amend(id: unknown, request: Request) {
  const body = (await request.json()) as StudyAmendment;
  studyState.amended.push(body);
  const version = studyState.protocols.length + 1;
  studyState.protocols.push(
    makeStudyProtocol({
      version,
      hash: version.toString(16).padStart(64, "0"),
      previous_hash: studyState.protocols.at(-1)?.hash ?? null,
      reason: body.reason,
    }),
  );
  return change(id, { protocol_version: version }, 201);
}

async function setMember(request: Request) {
  const { user_id, role } = (await request.json()) as StudyMemberUpdate;
  const name = studyState.readerCandidates.find(({ id }) => id === user_id)?.name ?? user_id;
  studyState.members = [
    ...studyState.members.filter(({ user }) => user.id !== user_id),
    makeStudyMember({ user: { id: user_id, name }, role }),
  ];
  return HttpResponse.json({ items: studyState.members });
}

const withdraw = (id: unknown) => {
  const reader = readerOf(id);
  if (!reader) {
    return noReader();
  }
  reader.status = "withdrawn";
  return HttpResponse.json({ items: studyState.readers });
};

export const studyHandlers = [
  http.get(API, () => HttpResponse.json({ items: studyState.studies.map(summaryOf) })),
  http.post(API, ({ request }) => create(request)),
  http.post(`${API}/demonstration`, () =>
    add(makeOpenStudy({ id: OTHER_STUDY_ID, demonstration: true, title: "Demonstration" })),
  ),
  http.post(`${API}/candidates`, ({ request }) => candidates(request)),
  http.post(`${API}/sample`, ({ request }) => draw(request)),
  http.get(`${API}/reader-candidates`, () =>
    HttpResponse.json({ items: studyState.readerCandidates }),
  ),
  http.get(`${API}/:id`, ({ params }) => change(params.id, {})),
  http.put(`${API}/:id`, ({ params, request }) => update(params.id, request)),
  http.delete(`${API}/:id`, ({ params }) => {
    studyState.studies = studyState.studies.filter(({ id }) => id !== params.id);
    return new HttpResponse(null, { status: 204 });
  }),
  http.get(`${API}/:id/cases`, ({ params }) => casesOf(params.id)),
  http.get(
    `${API}/:id/cases/:index/image`,
    () => new HttpResponse(new Uint8Array([1]), { headers: { "Content-Type": "image/png" } }),
  ),
  http.post(`${API}/:id/preview`, async ({ request }) => {
    studyState.previewed.push((await request.json()) as StudyPreviewCreate);
    return HttpResponse.json(studyState.preview);
  }),
  http.post(`${API}/:id/publish`, ({ params }) =>
    change(
      params.id,
      { status: "publishing", progress: { stage: "Maps", done: 0, total: 4 }, error: null },
      202,
    ),
  ),
  http.post(`${API}/:id/cancel`, ({ params }) =>
    change(params.id, { status: "draft", progress: null }, 202),
  ),
  http.post(`${API}/:id/close`, ({ params }) =>
    change(params.id, {
      status: "closed",
      results: "closed",
      closed_at: "2026-11-22T09:00:00Z",
    }),
  ),
  http.post(`${API}/:id/reopen`, ({ params }) =>
    change(params.id, { status: "open", results: "hidden", closed_at: null }),
  ),
  http.get(`${API}/:id/protocols`, () => HttpResponse.json({ items: studyState.protocols })),
  http.post(`${API}/:id/amendments`, ({ params, request }) => amend(params.id, request)),
  http.get(`${API}/:id/items`, () => HttpResponse.json({ items: studyState.items })),
  http.get(`${API}/:id/readers`, () => HttpResponse.json({ items: studyState.readers })),
  http.post(`${API}/:id/readers`, ({ request }) => invite(request)),
  http.post(`${API}/:id/readers/:reader/link`, ({ params }) => {
    const reader = readerOf(params.reader);
    const link = {
      purpose: "invitation",
      path: "/welcome#token=n3w",
      expires_at: "2026-11-29T09:00:00Z",
    };
    return reader
      ? HttpResponse.json({ reader, link, path: "/readings" }, { status: 201 })
      : noReader();
  }),
  http.post(`${API}/:id/readers/:reader/reminder`, ({ params }) => remind(params.reader)),
  http.post(`${API}/:id/readers/:reader/withdraw`, ({ params }) => withdraw(params.reader)),
  http.get(`${API}/:id/queries`, () => HttpResponse.json({ items: studyState.queries })),
  http.post(`${API}/:id/queries/:query/reply`, ({ params, request }) =>
    reply(params.query, request),
  ),
  http.get(`${API}/:id/members`, () => HttpResponse.json({ items: studyState.members })),
  http.post(`${API}/:id/members`, ({ request }) => setMember(request)),
  http.delete(`${API}/:id/members/:user`, ({ params }) => {
    studyState.members = studyState.members.filter(({ user }) => user.id !== params.user);
    return HttpResponse.json({ items: studyState.members });
  }),
  http.get(`${API}/:id/results`, () => HttpResponse.json(studyState.results)),
];
