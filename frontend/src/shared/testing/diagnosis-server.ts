/** The diagnoses of the fixture server: started, followed and cancelled. */

import { HttpResponse, http } from "msw";
import type { Diagnosis, DiagnosisCreate, DiagnosisDetail } from "../api/types";
import {
  DIAGNOSIS_ID,
  makeDiagnosis,
  makeDiagnosisResult,
  makeEmbedding,
} from "./diagnosis-fixtures";

interface DiagnosisState {
  /** Newest first. */
  diagnoses: Diagnosis[];
  /** What a diagnosis that has succeeded found. */
  result: NonNullable<DiagnosisDetail["result"]>;
  /** Bodies of POST requests, in order. */
  started: DiagnosisCreate[];
}

export const diagnosisState: DiagnosisState = {
  diagnoses: [],
  result: makeDiagnosisResult(),
  started: [],
};

export function resetDiagnoses(): void {
  diagnosisState.diagnoses = [makeDiagnosis()];
  diagnosisState.result = makeDiagnosisResult();
  diagnosisState.started = [];
}

const API = "*/api/v1";

const missing = () =>
  HttpResponse.json(
    { error: "diagnosis_not_found", detail: "There is no diagnosis with this id." },
    { status: 404 },
  );

const find = (id: unknown) => diagnosisState.diagnoses.find((diagnosis) => diagnosis.id === id);

function list(request: Request) {
  const model = new URL(request.url).searchParams.get("model_version_id");
  const items = diagnosisState.diagnoses.filter(
    (diagnosis) => model === null || diagnosis.model_version_id === model,
  );
  return HttpResponse.json({ items });
}

async function start(request: Request) {
  const body = (await request.json()) as DiagnosisCreate;
  diagnosisState.started.push(body);
  const created = makeDiagnosis({
    ...body,
    id: String(diagnosisState.started.length).repeat(32),
    status: "running",
    progress: { stage: "Images", done: 120, total: 500 },
    finished_at: null,
    flags: null,
    images: null,
  });
  diagnosisState.diagnoses = [created, ...diagnosisState.diagnoses];
  return HttpResponse.json(created, { status: 202 });
}

function cancel(id: unknown) {
  const found = find(id);
  return found
    ? HttpResponse.json(Object.assign(found, { status: "cancelled", progress: null }))
    : missing();
}

export const diagnosisHandlers = [
  http.get(`${API}/diagnoses`, ({ request }) => list(request)),
  http.post(`${API}/diagnoses`, ({ request }) => start(request)),
  http.get(`${API}/diagnoses/:id`, ({ params }) => {
    const found = find(params.id);
    const result = found?.status === "succeeded" ? diagnosisState.result : null;
    return found ? HttpResponse.json({ ...found, result }) : missing();
  }),
  http.get(`${API}/diagnoses/:id/embedding`, ({ params, request }) => {
    const method = new URL(request.url).searchParams.get("method") ?? "umap";
    return find(params.id ?? DIAGNOSIS_ID)
      ? HttpResponse.json(makeEmbedding({ method }))
      : missing();
  }),
  http.get(
    `${API}/diagnoses/:id/sheets/:name`,
    () => new HttpResponse(new Uint8Array([1]), { headers: { "Content-Type": "image/jpeg" } }),
  ),
  http.post(`${API}/diagnoses/:id/cancel`, ({ params }) => cancel(params.id)),
];
