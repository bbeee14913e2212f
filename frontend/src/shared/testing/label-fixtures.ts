/** Labels and agreement as the server would send them. Typed as in fixtures.ts. */

import type { Agreement, Label } from "../api/types";
import { CASE_ID, MODEL_ID, makeModel, PREDICTION_ID } from "./fixtures";

export const BEN = { id: "b".repeat(32), name: "Ben Okafor" };
export const ANNA = { id: "a".repeat(32), name: "Anna Weber" };

/** One's own, unless said otherwise. */
export function makeLabel(overrides: Partial<Label> = {}): Label {
  return {
    id: "5".repeat(32),
    case_id: CASE_ID,
    prediction_id: PREDICTION_ID,
    concept_set: makeModel().concept_set,
    author: ANNA,
    mine: true,
    class_key: null,
    options: {},
    created_at: "2026-11-21T10:00:00Z",
    updated_at: "2026-11-21T10:05:00Z",
    ...overrides,
  };
}

/** Three labels of two cases: they differ in one border and in one class. */
export function makeAgreement(overrides: Partial<Agreement> = {}): Agreement {
  return {
    model: { id: MODEL_ID, name: "dermoscopy-small", synthetic: true },
    models: [
      { id: MODEL_ID, name: "dermoscopy-small", labels: 3 },
      { id: "3".repeat(32), name: "breast-ultrasound", labels: 1 },
    ],
    labels: 3,
    cases: 2,
    left_out: 0,
    class: {
      labelled: 3,
      agreed: 2,
      rate: 2 / 3,
      kappa: 0.4,
      keys: ["mel", "nv"],
      names: ["Melanoma", "Melanocytic nevus"],
      confusion: [
        [1, 1],
        [0, 1],
      ],
    },
    groups: [
      {
        key: "border",
        name: "Border",
        labelled: 2,
        agreed: 1,
        rate: 0.5,
        kappa: 0,
        options: [
          { id: "border.fading", text: "edge that fades gradually" },
          { id: "border.sharp", text: "sharply cut edge" },
        ],
        confusion: [
          [1, 0],
          [1, 0],
        ],
      },
      {
        key: "veil",
        name: "Blue-white veil",
        labelled: 0,
        agreed: 0,
        rate: null,
        kappa: null,
        options: [{ id: "veil.present", text: "blue-white veil" }],
        confusion: [
          [0, 0],
          [0, 0],
        ],
      },
    ],
    interventions: {
      stored: { labelled: 0, before: null, after: null },
      marked: { labelled: 3, before: 2 / 3, after: 1 },
    },
    disagreements: [
      {
        case_id: CASE_ID,
        pseudonym: "Case 0123AB",
        prediction_id: PREDICTION_ID,
        author: BEN,
        group_key: "border",
        person: "sharply cut edge",
        model: "edge that fades gradually",
      },
      {
        case_id: CASE_ID,
        pseudonym: "Case 0123AB",
        prediction_id: PREDICTION_ID,
        author: ANNA,
        group_key: null,
        person: "Melanoma",
        model: "Melanocytic nevus",
      },
    ],
    disagreement_count: 2,
    ...overrides,
  };
}

export function noAgreement(): Agreement {
  const none = { labelled: 0, before: null, after: null };
  const nothing = { labelled: 0, agreed: 0, rate: null, kappa: null, confusion: [] };
  return {
    model: null,
    models: [],
    labels: 0,
    cases: 0,
    left_out: 0,
    class: { ...nothing, keys: [], names: [] },
    groups: [],
    interventions: { stored: none, marked: none },
    disagreements: [],
    disagreement_count: 0,
  };
}
