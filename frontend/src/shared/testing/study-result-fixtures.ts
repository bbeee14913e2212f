/** Results of a reader study as the server would send them. Typed by the OpenAPI file, as in fixtures.ts. */

import type {
  StudyEstimate,
  StudyQuestionResults,
  StudyResults,
  StudyTaskResults,
} from "../api/types";
import { makeTask, STUDY_ID } from "./study-fixtures";

type LikertRow = StudyQuestionResults["likert"][number];
type ChoiceRow = StudyQuestionResults["choice"][number];

export function makeStudyEstimate(overrides: Partial<StudyEstimate> = {}): StudyEstimate {
  return { value: 4.1, low: 3.7, high: 4.5, note: null, ...overrides };
}

export function makeLikertRow(overrides: Partial<LikertRow> = {}): LikertRow {
  return {
    arm_key: "real",
    by: "all",
    level: "",
    counts: [0, 1, 1, 4, 4],
    cannot_judge: 1,
    answers: 10,
    items: 5,
    readers: 2,
    mean: makeStudyEstimate(),
    median: 4,
    ...overrides,
  };
}

export function makeChoiceRow(overrides: Partial<ChoiceRow> = {}): ChoiceRow {
  return {
    arm_key: "real",
    by: "all",
    level: "",
    counts: { "regular network": 8, "red to purple lacunae": 2 },
    cannot_judge: 0,
    answers: 10,
    items: 5,
    readers: 2,
    correct: 8,
    judged: 10,
    accuracy: makeStudyEstimate({ value: 0.8, low: 0.49, high: 0.943 }),
    ...overrides,
  };
}

/** Ratings under a real and a sham arm. */
export function makeLikertResults(
  overrides: Partial<StudyQuestionResults> = {},
): StudyQuestionResults {
  return {
    key: "rating",
    text: "How well does the map lie on the concept?",
    kind: "likert",
    anchors: makeTask().anchors,
    likert: [
      makeLikertRow(),
      makeLikertRow({
        arm_key: "sham",
        counts: [5, 3, 1, 1, 0],
        mean: makeStudyEstimate({ value: 1.8, low: 1.3, high: 2.4 }),
        median: 1.5,
      }),
      makeLikertRow({ by: "dataset", level: "busi" }),
      makeLikertRow({ by: "concept", level: "regular network" }),
      makeLikertRow({ by: "reader", level: "R1", readers: 1 }),
    ],
    choice: [],
    scale: [],
    texts: 0,
    confusion: [],
    agreement: [
      {
        arm_key: "real",
        measure: "krippendorff_alpha",
        readers: ["R1", "R2"],
        items: 5,
        estimate: makeStudyEstimate({ value: 0.61, low: 0.2, high: 0.88 }),
      },
      {
        arm_key: "real",
        measure: "weighted_kappa",
        readers: ["R1", "R2"],
        items: 5,
        estimate: makeStudyEstimate({ value: 0.58, low: 0.15, high: 0.86 }),
      },
    ],
    repeats: [
      {
        reader: "R1",
        pairs: 2,
        same: makeStudyEstimate({ value: 1, low: 0.342, high: 1 }),
        kappa: makeStudyEstimate({
          value: null,
          low: null,
          high: null,
          note: "Two pairs are too few for a kappa.",
        }),
      },
    ],
    paired: [
      {
        arm_key: "real",
        against: "sham",
        sham: true,
        pairs: 5,
        difference: makeStudyEstimate({ value: 2.3, low: 1.6, high: 3 }),
        p_value: 0.004,
        test: "sign-flip permutation, 2000",
        wilcoxon_p: 0.0625,
        note: null,
      },
    ],
    ...overrides,
  };
}

/** Choices of a concept. */
export function makeChoiceResults(
  overrides: Partial<StudyQuestionResults> = {},
): StudyQuestionResults {
  return {
    ...makeLikertResults(),
    key: "concept",
    text: "Which concept does the map show?",
    kind: "choice",
    anchors: [],
    likert: [],
    choice: [makeChoiceRow(), makeChoiceRow({ by: "dataset", level: "busi" })],
    confusion: [
      {
        arm_key: "real",
        labels: ["regular network", "red to purple lacunae"],
        rows: [
          [4, 1],
          [1, 4],
        ],
      },
    ],
    agreement: [],
    repeats: [],
    paired: [],
    ...overrides,
  };
}

export function makeTaskResults(overrides: Partial<StudyTaskResults> = {}): StudyTaskResults {
  return {
    task_key: "localization",
    kind: "localization",
    title: "Localization",
    questions: [makeLikertResults()],
    diagnosis: null,
    times: [
      {
        arm_key: "real",
        reader: "",
        answers: 10,
        median: 14.2,
        lower_quartile: 9.1,
        upper_quartile: 22.4,
        idle_share: 0.08,
      },
    ],
    ...overrides,
  };
}

/** Diagnosis with and without the explanation. */
export function makeDiagnosisResults(): StudyTaskResults {
  const auc = makeStudyEstimate({ value: 0.86, low: 0.71, high: 0.96 });
  const share = makeStudyEstimate({ value: 0.8, low: 0.6, high: 0.92 });
  const row = {
    reader: "",
    positives: 4,
    negatives: 6,
    auc,
    accuracy: share,
    sensitivity: share,
    specificity: share,
  };
  return makeTaskResults({
    task_key: "diagnosis",
    kind: "diagnosis",
    title: "Diagnosis",
    questions: [],
    diagnosis: {
      rows: [
        { ...row, arm_key: "real" },
        { ...row, arm_key: "alone", auc: makeStudyEstimate({ value: 0.79, low: 0.6, high: 0.92 }) },
      ],
      differences: [
        {
          arm_key: "real",
          against: "alone",
          readers: 2,
          cases: 10,
          auc: makeStudyEstimate({ value: 0.07, low: -0.04, high: 0.19 }),
          accuracy: makeStudyEstimate({ value: 0.05, low: -0.1, high: 0.2 }),
          p_value: 0.21,
          note: null,
        },
      ],
      note: null,
    },
  });
}

export function makeStudyResults(overrides: Partial<StudyResults> = {}): StudyResults {
  return {
    study_id: STUDY_ID,
    title: "Do experts agree with the maps?",
    demonstration: false,
    status: "closed",
    protocol_version: 1,
    protocol_hash: "ab".repeat(32),
    answers: 21,
    expected: 22,
    amendments: 0,
    readers: [
      {
        code: "R1",
        simulated: false,
        status: "finished",
        profession: "Dermatologist",
        years: 12,
        answers: 11,
        expected: 11,
      },
      {
        code: "R2",
        simulated: false,
        status: "reading",
        profession: null,
        years: null,
        answers: 10,
        expected: 11,
      },
    ],
    arms: [
      { key: "real", name: "Grad-CAM", sham: false, model: "dermoscopy-small", map: "gradcam" },
      { key: "sham", name: "Sham", sham: true, model: "dermoscopy-small", map: "gradcam" },
    ],
    table: [
      {
        arm_key: "real",
        dataset: "busi",
        localization: makeStudyEstimate(),
        localization_answers: 10,
        alignment: makeStudyEstimate({ value: 0.8, low: 0.49, high: 0.943 }),
        alignment_correct: 8,
        alignment_answers: 10,
      },
      {
        arm_key: "real",
        dataset: "",
        localization: makeStudyEstimate(),
        localization_answers: 10,
        alignment: makeStudyEstimate({ value: 0.8, low: 0.49, high: 0.943 }),
        alignment_correct: 8,
        alignment_answers: 10,
      },
    ],
    tasks: [makeTaskResults()],
    resamples: 2000,
    seed: 0,
    notes: [],
    computed_at: "2026-11-22T09:00:00Z",
    ...overrides,
  };
}
