/** What the fixture server knows of a model's reliability: read, measured, followed and cancelled. */

import { HttpResponse, http } from "msw";
import type { Evidence, EvidenceCreate, EvidenceMeasurement } from "../api/types";
import { makeEvidence, makeMeasurement } from "./evidence-fixtures";

interface EvidenceState {
  /** Null: nobody has measured it. */
  evidence: Evidence | null;
  /** Newest first. */
  measurements: EvidenceMeasurement[];
  /** Bodies of POST requests, in order. */
  started: EvidenceCreate[];
}

export const evidenceState: EvidenceState = { evidence: null, measurements: [], started: [] };

export function resetEvidence(): void {
  evidenceState.evidence = makeEvidence();
  evidenceState.measurements = [];
  evidenceState.started = [];
}

const API = "*/api/v1";

const missing = () =>
  HttpResponse.json(
    { error: "evidence_missing", detail: "Nobody has measured this model yet." },
    { status: 404 },
  );

async function start(modelVersionId: string, request: Request) {
  const body = (await request.json()) as EvidenceCreate;
  evidenceState.started.push(body);
  const created = makeMeasurement({
    ...body,
    model_version_id: modelVersionId,
    id: String(evidenceState.started.length).repeat(32),
    status: "running",
    progress: { stage: "Images", done: 120, total: 500 },
    finished_at: null,
    images: null,
  });
  evidenceState.measurements = [created, ...evidenceState.measurements];
  return HttpResponse.json(created, { status: 202 });
}

function cancel(id: unknown) {
  const found = evidenceState.measurements.find((measurement) => measurement.id === id);
  return found
    ? HttpResponse.json(Object.assign(found, { status: "cancelled", progress: null }))
    : HttpResponse.json({ error: "measurement_not_found", detail: "Gone." }, { status: 404 });
}

export const evidenceHandlers = [
  http.get(`${API}/models/:id/evidence`, () =>
    evidenceState.evidence ? HttpResponse.json(evidenceState.evidence) : missing(),
  ),
  http.post(`${API}/models/:id/evidence`, ({ params, request }) =>
    start(String(params.id), request),
  ),
  http.get(`${API}/models/:id/evidence/measurements`, () =>
    HttpResponse.json({ items: evidenceState.measurements }),
  ),
  http.post(`${API}/models/:id/evidence/measurements/:measurement/cancel`, ({ params }) =>
    cancel(params.measurement),
  ),
];
