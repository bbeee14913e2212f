/** A small Vitrine server for unit tests: what it answers by default, changed with `state` or `server.use`. */

import { HttpResponse, http } from "msw";
import { setupServer } from "msw/node";
import type {
  Case,
  CaseUpdate,
  ModelVersion,
  Prediction,
  PredictionCreate,
  SharingUpdate,
} from "../api/types";
import { ACCOUNT_ID } from "./account-fixtures";
import { accountHandlers, accounts, resetAccounts } from "./account-server";
import { comparisonHandlers, resetComparisons } from "./comparison-server";
import { conceptSetHandlers, resetConceptSets } from "./concept-set-server";
import { datasetHandlers, resetDatasets } from "./dataset-server";
import { diagnosisHandlers, resetDiagnoses } from "./diagnosis-server";
import { evidenceHandlers, resetEvidence } from "./evidence-server";
import {
  CASE_ID,
  EXAMPLES,
  HEALTH,
  makeCase,
  makeMaps,
  makeModel,
  makeModelDetail,
  makePrediction,
} from "./fixtures";
import { intakeHandlers, resetIntake } from "./intake-server";
import { interventionHandlers, resetInterventions } from "./intervention-server";
import { labelHandlers, resetLabels } from "./label-server";
import { readingHandlers, resetReadings } from "./reading-server";
import { resetStudies, studyHandlers } from "./study-server";
import { resetTraining, trainingHandlers } from "./training-server";
import { resetValues, seenBy, valueHandlers, values } from "./value-server";

interface FixtureState {
  cases: Case[];
  predictions: Prediction[];
  /** Bodies of PATCH requests, in order. */
  updates: CaseUpdate[];
  models: ModelVersion[];
  /** Models that predictions were asked of, in order; null: left to the server. */
  asked: (string | null)[];
}

export const state: FixtureState = {
  cases: [],
  predictions: [],
  updates: [],
  models: [],
  asked: [],
};

export function resetFixtureServer(): void {
  state.cases = [];
  state.predictions = [];
  state.updates = [];
  state.models = [makeModel()];
  state.asked = [];
  resetIntake();
  resetValues();
  resetDatasets();
  resetAccounts();
  resetLabels();
  resetInterventions();
  resetTraining();
  resetDiagnoses();
  resetEvidence();
  resetConceptSets();
  resetComparisons();
  resetStudies();
  resetReadings();
}

const API = "*/api/v1";

export function problem(status: number, error: string, detail: string, headers = {}) {
  return HttpResponse.json({ error, detail }, { status, headers });
}

const missing = () => problem(404, "case_not_found", "There is no case with this id.");

function listCases(request: Request) {
  const query = new URL(request.url).searchParams;
  const search = query.get("search")?.toLowerCase() ?? "";
  const review = query.get("review");
  const found = state.cases.filter(
    (entry) =>
      entry.pseudonym.toLowerCase().includes(search) &&
      (review === null || entry.review === review),
  );
  const begin = Number(query.get("cursor") ?? 0);
  const end = begin + Number(query.get("limit") ?? 50);
  return HttpResponse.json({
    items: found.slice(begin, end),
    next_cursor: end < found.length ? String(end) : null,
    total: found.length,
    waiting: state.cases.filter(isOwnWaiting).length,
  });
}

const isOwnWaiting = ({ review, owner }: Case) => review === "waiting" && owner?.id === ACCOUNT_ID;

function addCase(overrides: Partial<Case>) {
  const number = state.cases.length;
  const created = makeCase({ id: number.toString(16).padStart(32, "f"), ...overrides });
  state.cases.unshift(created);
  return HttpResponse.json(created, { status: 201 });
}

async function predict(caseId: string, request: Request) {
  const text = await request.text();
  const body: PredictionCreate = text ? JSON.parse(text) : {};
  const wanted = body.model_version_id ?? null;
  state.asked.push(wanted);
  values.asked.push(body.rendering ?? null);
  const model = state.models.find(({ id }) => id === wanted) ?? makeModel();
  const { id, name, synthetic } = model;
  const number = state.asked.length;
  const created = makePrediction({
    id: String(number).repeat(32),
    case_id: caseId,
    model_version_id: id,
    model: { id, name, synthetic },
    model_choice: wanted ? "requested" : "dataset",
    rendering: seenBy(body.rendering),
  });
  state.predictions = [created, ...state.predictions];
  return HttpResponse.json(created, { status: 201 });
}

const pixel = () =>
  new HttpResponse(new Uint8Array([1]), { headers: { "Content-Type": "image/png" } });

async function share(id: unknown, request: Request) {
  const { visibility, group_ids = [] } = (await request.json()) as SharingUpdate;
  const found = state.cases.find((entry) => entry.id === id);
  const groups = accounts.groups.filter((group) => group_ids.includes(group.id));
  return found
    ? HttpResponse.json(
        Object.assign(found, {
          visibility,
          groups: groups.map((group) => ({ id: group.id, name: group.name })),
        }),
      )
    : missing();
}

export const server = setupServer(
  ...accountHandlers,
  http.get(`${API}/health`, () => HttpResponse.json(HEALTH)),
  http.get(`${API}/cases`, ({ request }) => listCases(request)),
  http.post(`${API}/cases`, () => addCase({ pseudonym: "Case NEW" })),
  http.get(`${API}/cases/:id`, ({ params }) => {
    const found = state.cases.find(({ id }) => id === params.id);
    return found ? HttpResponse.json(found) : missing();
  }),
  http.patch(`${API}/cases/:id`, async ({ params, request }) => {
    const update = (await request.json()) as CaseUpdate;
    state.updates.push(update);
    const found = state.cases.find(({ id }) => id === params.id);
    return found ? HttpResponse.json(Object.assign(found, update)) : missing();
  }),
  http.delete(`${API}/cases/:id`, ({ params }) => {
    state.cases = state.cases.filter(({ id }) => id !== params.id);
    return new HttpResponse(null, { status: 204 });
  }),
  http.put(`${API}/cases/:id/sharing`, ({ params, request }) => share(params.id, request)),
  http.get(`${API}/cases/:id/image`, pixel),
  ...valueHandlers,
  ...intakeHandlers(() => state.cases),
  http.get(`${API}/cases/:id/predictions`, () => HttpResponse.json({ items: state.predictions })),
  http.post(`${API}/cases/:id/predictions`, ({ params, request }) =>
    predict(String(params.id ?? CASE_ID), request),
  ),
  http.get(`${API}/predictions/:id/maps/:kind`, ({ params }) =>
    HttpResponse.json(makeMaps(params.kind === "magnet" ? "magnet" : "gradcam")),
  ),
  http.get(`${API}/examples`, () => HttpResponse.json({ items: EXAMPLES })),
  http.post(`${API}/examples/:key/cases`, () => addCase({ synthetic: true })),
  http.get(`${API}/models`, () => HttpResponse.json({ items: state.models })),
  ...comparisonHandlers(() => state.models),
  http.get(`${API}/models/:id`, ({ params }) =>
    HttpResponse.json(
      makeModelDetail(state.models.find((model) => model.id === params.id) ?? makeModel()),
    ),
  ),
  ...datasetHandlers,
  ...labelHandlers,
  ...interventionHandlers,
  ...trainingHandlers,
  ...diagnosisHandlers,
  ...evidenceHandlers,
  ...conceptSetHandlers,
  // First: one of the readers' addresses stands under that of the studies.
  ...readingHandlers,
  ...studyHandlers,
);
