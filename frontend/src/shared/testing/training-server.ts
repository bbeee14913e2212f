/** The training runs of the fixture server: estimated, started, cancelled and resumed. */

import { HttpResponse, http } from "msw";
import type { TrainingEstimate, TrainingRunCreate, TrainingRunDetail } from "../api/types";
import { makeEstimate, makeRunDetail } from "./training-fixtures";

interface TrainingState {
  /** Newest first. */
  runs: TrainingRunDetail[];
  estimate: TrainingEstimate;
  /** Bodies of requests for an estimate, in order. */
  estimated: TrainingRunCreate[];
  /** Bodies of requests to start, in order. */
  started: TrainingRunCreate[];
}

export const trainingState: TrainingState = {
  runs: [],
  estimate: makeEstimate(),
  estimated: [],
  started: [],
};

export function resetTraining(): void {
  trainingState.runs = [];
  trainingState.estimate = makeEstimate();
  trainingState.estimated = [];
  trainingState.started = [];
}

const API = "*/api/v1";

const missing = () =>
  HttpResponse.json(
    { error: "training_run_not_found", detail: "There is no training run with this id." },
    { status: 404 },
  );

const find = (id: unknown) => trainingState.runs.find((run) => run.id === id);

function list(request: Request) {
  const query = new URL(request.url).searchParams;
  const begin = Number(query.get("offset") ?? 0);
  const end = begin + Number(query.get("limit") ?? 50);
  const { runs } = trainingState;
  return HttpResponse.json({ items: runs.slice(begin, end), total: runs.length });
}

async function start(request: Request) {
  const body = (await request.json()) as TrainingRunCreate;
  trainingState.started.push(body);
  const number = trainingState.started.length;
  const created = makeRunDetail({
    id: String(number).repeat(32),
    status: "queued",
    position: 1,
    progress: null,
    started_at: null,
    name: body.name ?? "made-up",
    dataset_id: body.dataset_id,
    epochs: [],
    epochs_done: 0,
    epochs_planned: null,
    validation: null,
    log: [],
    last_sequence: 1,
  });
  trainingState.runs = [created, ...trainingState.runs];
  return HttpResponse.json(created, { status: 202 });
}

function change(id: unknown, changes: Partial<TrainingRunDetail>) {
  const found = find(id);
  return found
    ? HttpResponse.json(
        Object.assign(found, changes, { last_sequence: found.last_sequence + 1, progress: null }),
      )
    : missing();
}

export const trainingHandlers = [
  http.get(`${API}/training-runs`, ({ request }) => list(request)),
  http.post(`${API}/training-runs`, ({ request }) => start(request)),
  http.post(`${API}/training-runs/estimate`, async ({ request }) => {
    trainingState.estimated.push((await request.json()) as TrainingRunCreate);
    return HttpResponse.json(trainingState.estimate);
  }),
  http.get(`${API}/training-runs/:id`, ({ params }) => {
    const found = find(params.id);
    return found ? HttpResponse.json(found) : missing();
  }),
  http.post(`${API}/training-runs/:id/cancel`, ({ params }) =>
    change(params.id, { status: "cancelled", position: null, finished_at: "2026-11-21T09:31:00Z" }),
  ),
  http.post(`${API}/training-runs/:id/resume`, ({ params }) =>
    change(params.id, { status: "queued", position: 1, error: null, finished_at: null }),
  ),
];
