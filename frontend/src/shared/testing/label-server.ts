/** Labels of the fixture server, and how far people and models agree. */

import { HttpResponse, http } from "msw";
import type { Agreement, Label, LabelUpdate } from "../api/types";
import { accounts } from "./account-server";
import { ANNA, makeAgreement, makeLabel } from "./label-fixtures";

interface LabelState {
  labels: Label[];
  /** Bodies of PUT requests, in order. */
  puts: LabelUpdate[];
  agreement: Agreement;
  /** Queries of requests for the agreement, in order. */
  questions: URLSearchParams[];
}

export const labelState: LabelState = {
  labels: [],
  puts: [],
  agreement: makeAgreement(),
  questions: [],
};

export function resetLabels(): void {
  Object.assign(labelState, {
    labels: [],
    puts: [],
    agreement: makeAgreement(),
    questions: [],
  } satisfies LabelState);
}

async function putLabel(predictionId: string, request: Request) {
  const update = (await request.json()) as LabelUpdate;
  labelState.puts.push(update);
  const { account } = accounts.session;
  const before = labelState.labels.find(({ mine }) => mine);
  const author = account ? { id: account.id, name: account.name } : ANNA;
  const saved = { ...(before ?? makeLabel({ author })), prediction_id: predictionId, ...update };
  labelState.labels = [saved, ...labelState.labels.filter(({ mine }) => !mine)];
  return HttpResponse.json(saved);
}

const API = "*/api/v1";

export const labelHandlers = [
  http.get(`${API}/cases/:id/labels`, () => HttpResponse.json({ items: labelState.labels })),
  http.put(`${API}/predictions/:id/label`, ({ params, request }) =>
    putLabel(String(params.id), request),
  ),
  http.get(`${API}/agreement`, ({ request }) => {
    labelState.questions.push(new URL(request.url).searchParams);
    return HttpResponse.json(labelState.agreement);
  }),
];
