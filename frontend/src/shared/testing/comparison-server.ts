/** Model versions of the fixture server in use and held against each other: promoted, rolled back, compared. */

import { HttpResponse, http } from "msw";
import type {
  Activation,
  ModelComparisonCreate,
  ModelComparisonDetail,
  ModelEpoch,
  ModelVersion,
} from "../api/types";
import { ACCOUNT_ID } from "./account-fixtures";
import { makeActivation, makeComparisonDetail, makeEpoch } from "./comparison-fixtures";

interface ComparisonState {
  /** Newest first. */
  activations: Activation[];
  /** Newest first. */
  comparisons: ModelComparisonDetail[];
  /** Bodies of POST requests, in order. */
  started: ModelComparisonCreate[];
  history: ModelEpoch[];
}

export const comparisonState: ComparisonState = {
  activations: [],
  comparisons: [],
  started: [],
  history: [],
};

export function resetComparisons(): void {
  comparisonState.activations = [makeActivation()];
  comparisonState.comparisons = [];
  comparisonState.started = [];
  comparisonState.history = [makeEpoch(1), makeEpoch(2)];
}

const API = "*/api/v1";

function refuse(status: number, error: string, detail: string) {
  return HttpResponse.json({ error, detail }, { status });
}

function find(request: Request) {
  const query = new URL(request.url).searchParams;
  const dataset = query.get("dataset_id");
  const found = comparisonState.comparisons.find(
    ({ a, b, dataset_id, split }) =>
      a.id === query.get("a") &&
      b.id === query.get("b") &&
      split === query.get("split") &&
      (dataset === null || dataset_id === dataset),
  );
  return found
    ? HttpResponse.json(found)
    : refuse(404, "comparison_not_found", "These two versions were not compared like this yet.");
}

async function start(request: Request) {
  const body = (await request.json()) as ModelComparisonCreate;
  comparisonState.started.push(body);
  const { a, b } = makeComparisonDetail();
  const created = makeComparisonDetail({
    dataset_id: body.dataset_id,
    split: body.split,
    drawn: body.drawn,
    a: { ...a, id: body.a },
    b: { ...b, id: body.b },
    id: String(comparisonState.started.length).repeat(32),
    status: "running",
    progress: { stage: "Scoring A", done: 120, total: 500 },
    finished_at: null,
    result: null,
  });
  comparisonState.comparisons = [created, ...comparisonState.comparisons];
  return HttpResponse.json(created, { status: 202 });
}

function cancel(id: unknown) {
  const found = comparisonState.comparisons.find((comparison) => comparison.id === id);
  return found
    ? HttpResponse.json(Object.assign(found, { status: "cancelled", progress: null }))
    : refuse(404, "comparison_not_found", "There is no comparison with this id.");
}

/** Puts a version to use, and says so in the history. */
function use(
  models: ModelVersion[],
  id: unknown,
  kind: Activation["kind"],
  reason: string,
): Activation | null {
  const model = models.find((other) => other.id === id);
  if (!model) {
    return null;
  }
  const before = models.find(({ active, dataset }) => active && dataset === model.dataset);
  if (before) {
    Object.assign(before, { active: false, can_roll_back: false });
  }
  Object.assign(model, { active: true, can_roll_back: before !== undefined });
  const activation = makeActivation({
    id: String(comparisonState.activations.length).padStart(32, "e"),
    dataset: model.dataset,
    kind,
    reason,
    model: { id: model.id, name: model.name },
    previous: before ? { id: before.id, name: before.name } : null,
    author: { id: ACCOUNT_ID, name: "Anna Weber" },
    created_at: "2026-11-21T14:00:00Z",
  });
  comparisonState.activations = [activation, ...comparisonState.activations];
  return activation;
}

const gone = () => refuse(404, "model_not_found", "There is no model version with this id.");

async function reasonOf(request: Request): Promise<string> {
  return ((await request.json()) as { reason: string }).reason;
}

/** Of the models that the fixture server has at that moment. They stand before `/models/:id`, which would take them. */
export const comparisonHandlers = (models: () => ModelVersion[]) => [
  http.get(`${API}/models/activations`, () =>
    HttpResponse.json({ items: comparisonState.activations }),
  ),
  http.get(`${API}/models/compare`, ({ request }) => find(request)),
  http.post(`${API}/models/compare`, ({ request }) => start(request)),
  http.post(`${API}/comparisons/:id/cancel`, ({ params }) => cancel(params.id)),
  http.get(`${API}/models/:id/history`, () => HttpResponse.json(comparisonState.history)),
  http.post(`${API}/models/:id/activate`, async ({ params, request }) => {
    const done = use(models(), params.id, "promotion", await reasonOf(request));
    return done ? HttpResponse.json(done) : gone();
  }),
  http.post(`${API}/models/:id/rollback`, async ({ params, request }) => {
    const latest = comparisonState.activations.find(({ model }) => model.id === params.id);
    const done = use(models(), latest?.previous?.id, "rollback", await reasonOf(request));
    return done
      ? HttpResponse.json(done)
      : refuse(409, "nothing_to_roll_back_to", "No version was active before this one.");
  }),
];
