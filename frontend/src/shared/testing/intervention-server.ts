/** The interventions of the fixture server. It computes on its own, so that the page is compared with something. */

import { HttpResponse, http } from "msw";
import type {
  Check,
  Counterfactuals,
  EditCreate,
  EditRead,
  Intervention,
  InterventionCreate,
  InterventionPreview,
  ModelHead,
  Prediction,
} from "../api/types";
import { ACCOUNT_ID } from "./account-fixtures";
import { makePrediction } from "./fixtures";
import { makeHead } from "./intervention-fixtures";

interface InterventionState {
  head: ModelHead;
  interventions: Intervention[];
  /** Bodies of previews, of what was stored, and of searches, in order. */
  previews: EditCreate[][];
  stored: InterventionCreate[];
  searches: unknown[];
  found: Counterfactuals;
  checks: Check[];
}

export const interventionState = {} as InterventionState;

export function resetInterventions(): void {
  Object.assign(interventionState, {
    head: makeHead(),
    interventions: [],
    previews: [],
    stored: [],
    searches: [],
    found: {
      wanted_class: "mel",
      reachable: true,
      already_predicted: false,
      exact_groups: 3,
      results: [
        {
          edits: [fullEdit({ operation: "option", option_id: "pattern.lacunae" })],
          predicted_class: "mel",
          probability: 0.62,
          margin: 0.5,
          exact: true,
        },
      ],
    },
    checks: [
      { group_key: "pattern", expected_change: 0.21, flip_probability: 0.1 },
      { group_key: "border", expected_change: 0.04, flip_probability: 0 },
    ],
  } satisfies InterventionState);
}

export function fullEdit(edit: EditCreate): EditRead {
  return {
    option_id: null,
    value: null,
    reference_class: null,
    group_key: null,
    keep: null,
    patches: null,
    ...edit,
  };
}

/** Scores by option after the edits, written down once more, as plainly as possible. */
function edited(before: Map<string, number>, edits: readonly EditCreate[], prediction: Prediction) {
  const { head } = interventionState;
  const ids = [...before.keys()];
  const scores = new Map(before);
  for (const edit of edits) {
    const group = prediction.groups.find(
      ({ key, options }) =>
        key === edit.group_key || options.some(({ id }) => id === edit.option_id),
    );
    for (const { id } of group?.options ?? []) {
      const column = ids.indexOf(id);
      const score = scores.get(id) ?? 0;
      if (edit.operation === "region") {
        scores.set(id, score * ((edit.patches?.length ?? 0) / 4));
      } else if (edit.operation === "mean") {
        scores.set(id, head.means[column] ?? 0);
      } else if (edit.operation === "class_mean") {
        scores.set(id, head.class_means[edit.reference_class ?? ""]?.[column] ?? 0);
      } else if (edit.operation === "set" && id === edit.option_id) {
        scores.set(id, edit.value ?? 0);
      }
    }
    if (edit.operation === "option" && group && edit.option_id) {
      // Ranges are wide enough in the fixture that nothing is clipped.
      const present = group.options.reduce((best, next) =>
        (scores.get(next.id) ?? 0) > (scores.get(best.id) ?? 0) ? next : best,
      );
      const own = scores.get(edit.option_id) ?? 0;
      scores.set(edit.option_id, scores.get(present.id) ?? 0);
      scores.set(present.id, own);
    }
  }
  return scores;
}

export function outcomeOf(
  prediction: Prediction,
  edits: readonly EditCreate[],
): InterventionPreview {
  const { head } = interventionState;
  const options = prediction.groups.flatMap((group) => group.options);
  const before = new Map(options.map(({ id, score }) => [id, score]));
  const regions = edits.filter(({ operation }) => operation === "region");
  const others = edits.filter(({ operation }) => operation !== "region");
  const afterRegion = edited(before, regions, prediction);
  const after = edited(afterRegion, others, prediction);
  const outcome = (scores: Map<string, number>) => {
    const logits = head.weight.map((row, at) =>
      [...scores.values()].reduce(
        (sum, score, column) => sum + score * (row[column] ?? 0),
        head.bias[at] ?? 0,
      ),
    );
    const total = logits.reduce((sum, logit) => sum + Math.exp(logit), 0);
    return prediction.classes.map(({ key, name }, at) => ({
      class_key: key,
      class_name: name,
      logit: logits[at] ?? 0,
      probability: Math.exp(logits[at] ?? 0) / total,
    }));
  };
  const intervened = outcome(after);
  const decided = intervened.reduce((best, next) => (next.logit > best.logit ? next : best));
  return {
    prediction_id: prediction.id,
    case_id: prediction.case_id,
    edits: edits.map(fullEdit),
    baseline: outcome(before),
    intervened,
    baseline_class: prediction.predicted_class,
    predicted_class: decided.class_key,
    changed: decided.class_key !== prediction.predicted_class,
    groups: prediction.groups.map(({ key, name, options: own }) => ({
      key,
      name,
      region: regions.some((region) => region.group_key === key),
      attention: regions.some((region) => region.group_key === key) ? 0.43 : null,
      options: own.map(({ id, text, contributions }) => ({
        id,
        text,
        before: before.get(id) ?? 0,
        after_region: afterRegion.get(id) ?? 0,
        after: after.get(id) ?? 0,
        contributions,
      })),
    })),
  };
}

export function makeIntervention(
  edits: readonly EditCreate[],
  overrides: Partial<Intervention> = {},
  prediction = makePrediction(),
): Intervention {
  return {
    ...outcomeOf(prediction, edits),
    id: "5".repeat(32),
    model: prediction.model,
    created_at: "2026-11-21T10:00:00Z",
    created_by: { id: ACCOUNT_ID, name: "Anna Weber" },
    note: "",
    ...overrides,
  };
}

const API = "*/api/v1";

const missing = () =>
  HttpResponse.json(
    { error: "intervention_not_found", detail: "There is no intervention with this id." },
    { status: 404 },
  );

async function preview(id: unknown, request: Request) {
  const { edits } = (await request.json()) as { edits: EditCreate[] };
  interventionState.previews.push(edits);
  return HttpResponse.json(outcomeOf(makePrediction({ id: String(id) }), edits));
}

async function store(id: unknown, request: Request) {
  const body = (await request.json()) as InterventionCreate;
  interventionState.stored.push(body);
  const number = interventionState.stored.length;
  const created = makeIntervention(
    body.edits,
    { id: String(number).repeat(32), note: body.note },
    makePrediction({ id: String(id) }),
  );
  interventionState.interventions = [created, ...interventionState.interventions];
  return HttpResponse.json(created, { status: 201 });
}

export const interventionHandlers = [
  http.get(`${API}/models/:id/head`, ({ params }) =>
    HttpResponse.json({ ...interventionState.head, model_version_id: String(params.id) }),
  ),
  http.post(`${API}/predictions/:id/interventions/preview`, ({ params, request }) =>
    preview(params.id, request),
  ),
  http.post(`${API}/predictions/:id/interventions`, ({ params, request }) =>
    store(params.id, request),
  ),
  http.get(`${API}/cases/:id/interventions`, () =>
    HttpResponse.json({ items: interventionState.interventions }),
  ),
  http.get(`${API}/interventions/:id`, ({ params }) => {
    const found = interventionState.interventions.find(({ id }) => id === params.id);
    return found ? HttpResponse.json(found) : missing();
  }),
  http.post(`${API}/predictions/:id/counterfactuals`, async ({ request }) => {
    interventionState.searches.push(await request.json());
    return HttpResponse.json(interventionState.found);
  }),
  http.get(`${API}/predictions/:id/checks`, () =>
    HttpResponse.json({ items: interventionState.checks }),
  ),
];
