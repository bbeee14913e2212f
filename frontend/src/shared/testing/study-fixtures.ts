/** Reader studies as the server would send them to those who run them. Typed by the OpenAPI file, as in fixtures.ts. */

import type {
  ItemContent,
  ItemTruth,
  StudyArm,
  StudyCandidate,
  StudyCaseRef,
  StudyDesign,
  StudyGrras,
  StudyItem,
  StudyMember,
  StudyPreview,
  StudyProblem,
  StudyProtocol,
  StudyQuery,
  StudyRead,
  StudyReader,
  StudySummary,
  StudyTask,
} from "../api/types";
import { ACCOUNT_ID, READER_ID } from "./account-fixtures";
import { CASE_ID, MODEL_ID } from "./fixtures";

export const STUDY_ID = "4".repeat(32);
export const OTHER_STUDY_ID = "41".repeat(16);
export const STUDY_READER_ID = "42".repeat(16);
export const QUERY_ID = "43".repeat(16);

const NO_GRRAS: StudyGrras = {
  subject_population: "",
  rater_population: "",
  prior_evidence: "",
  sample_size: "",
  subject_sampling: "",
  rater_sampling: "",
  repeat_interval: "",
  clinical_information: "",
  blinding: "",
  independence: "",
  analysis: "",
};

export function makeCaseRef(overrides: Partial<StudyCaseRef> = {}): StudyCaseRef {
  return {
    case_id: CASE_ID,
    dataset_id: null,
    split: null,
    image: null,
    practice: false,
    truth_class: "mel",
    clinical_information: "",
    ...overrides,
  };
}

export function makeArm(overrides: Partial<StudyArm> = {}): StudyArm {
  return {
    key: "real",
    name: "Grad-CAM",
    model_version_id: MODEL_ID,
    map: "gradcam",
    sham: null,
    show_prediction: false,
    show_concepts: false,
    ...overrides,
  };
}

export const SHAM_ARM = makeArm({ key: "sham", name: "Sham", sham: "shuffled" });

export function makeTask(overrides: Partial<StudyTask> = {}): StudyTask {
  return {
    key: "localization",
    kind: "localization",
    title: "Localization",
    instructions: "",
    arm_keys: ["real", "sham"],
    anchors: [
      "Completely misaligned",
      "Mostly misaligned",
      "Partly aligned",
      "Mostly aligned",
      "Perfectly aligned",
    ],
    concept_rule: "strongest",
    concepts_per_case: 1,
    group_keys: [],
    distractors: 3,
    positive_classes: [],
    questions: [],
    cannot_judge: true,
    ...overrides,
  };
}

/** Two images (the second for practice), a real and a sham arm, localization. */
export function makeDesign(overrides: Partial<StudyDesign> = {}): StudyDesign {
  return {
    title: "Do experts agree with the maps?",
    question: "Do the maps of the concepts lie where experts see them?",
    grras: { ...NO_GRRAS, rater_population: "Dermatologists of one clinic" },
    instructions: "Look at the image first.",
    cases: [makeCaseRef(), makeCaseRef({ case_id: "1".repeat(32), practice: true })],
    sampling: { method: "hand_picked", source: "", strata: "none", seed: null, population: null },
    arms: [makeArm(), SHAM_ARM],
    tasks: [makeTask()],
    order: {
      seed: 7,
      separation: "mixed",
      washout_days: 28,
      repeats: 0.1,
      gap: 5,
      by_task: true,
    },
    reading: { idle_seconds: 30, show_progress: true, amend_answers: false, ask_profile: true },
    access: { live_results: "nobody" },
    ...overrides,
  };
}

/** A new draft, as the server has it before anything was chosen. */
export function makeEmptyDesign(title = "New study"): StudyDesign {
  return makeDesign({
    title,
    question: "",
    grras: NO_GRRAS,
    instructions: "",
    cases: [],
    arms: [],
    tasks: [],
  });
}

/** A draft that can be published. */
export function makeStudy(overrides: Partial<StudyRead> = {}): StudyRead {
  const design = overrides.design ?? makeDesign();
  return {
    id: STUDY_ID,
    title: design.title,
    status: "draft",
    demonstration: false,
    role: "owner",
    owner: { id: ACCOUNT_ID, name: "Anna Weber" },
    cases: design.cases.length,
    readers: 0,
    answered: 0,
    expected: 0,
    open_queries: 0,
    protocol_version: 0,
    created_at: "2026-11-20T09:00:00Z",
    published_at: null,
    closed_at: null,
    design,
    revision: 3,
    problems: [],
    plan: { items: 2, repeats: 0, practice: 1, sessions: 1, minutes: 1 },
    progress: null,
    error: null,
    protocol_hash: null,
    results: "hidden",
    ...overrides,
  };
}

/** Published, with two readers who are halfway through. */
export function makeOpenStudy(overrides: Partial<StudyRead> = {}): StudyRead {
  return makeStudy({
    status: "open",
    readers: 2,
    answered: 5,
    expected: 10,
    open_queries: 1,
    protocol_version: 1,
    published_at: "2026-11-20T10:00:00Z",
    revision: 4,
    plan: { items: 4, repeats: 1, practice: 1, sessions: 1, minutes: 2 },
    protocol_hash: "ab".repeat(32),
    ...overrides,
  });
}

/** What the list says of a study. */
export function summaryOf(study: StudyRead): StudySummary {
  const { design: _design, revision: _revision, problems: _problems, plan: _plan, ...rest } = study;
  const {
    progress: _progress,
    error: _error,
    protocol_hash: _hash,
    results: _results,
    ...summary
  } = rest;
  return summary;
}

export function makeProblem(overrides: Partial<StudyProblem> = {}): StudyProblem {
  return {
    severity: "error",
    step: "cases",
    field: "cases",
    text: "No image was chosen yet; choose at least one.",
    ...overrides,
  };
}

export function makeCandidate(overrides: Partial<StudyCandidate> = {}): StudyCandidate {
  return {
    ref: makeCaseRef(),
    label: "Case 0123AB",
    dataset: null,
    class_name: "Melanoma",
    synthetic: false,
    thumbnail: `/cases/${CASE_ID}/thumbnail?size=128`,
    ...overrides,
  };
}

/** Images of a data set: `count` of them, two classes by turns. */
export function makeCandidates(count: number, dataset = "busi"): StudyCandidate[] {
  return Array.from({ length: count }, (_, at) => {
    const malignant = at % 2 === 1;
    return makeCandidate({
      ref: makeCaseRef({
        case_id: null,
        dataset_id: dataset,
        split: "test",
        image: `image-${at + 1}.png`,
        truth_class: malignant ? "malignant" : "benign",
      }),
      label: `image-${at + 1}.png`,
      dataset,
      class_name: malignant ? "Malignant lesion" : "Benign lesion",
      thumbnail: `/datasets/${dataset}/images/${at}/thumbnail?size=128`,
    });
  });
}

const MAP = { width: 2, height: 2, values: "AED//w==" };

export function makeItemContent(overrides: Partial<ItemContent> = {}): ItemContent {
  return {
    kind: "localization",
    task_title: "Localization",
    prompt: "How well does the map lie where you see this concept?",
    concept: { group: "Dermoscopic pattern", option: "regular network" },
    suggestion: null,
    clinical_information: "",
    map: MAP,
    questions: [
      {
        key: "rating",
        kind: "likert",
        text: "How well does the map lie on the concept?",
        anchors: makeTask().anchors,
        options: [],
        required: true,
      },
    ],
    cannot_judge: true,
    ...overrides,
  };
}

/** Which concept does the map show? */
export function makeAlignmentContent(overrides: Partial<ItemContent> = {}): ItemContent {
  return makeItemContent({
    kind: "alignment",
    task_title: "Semantic alignment",
    prompt: "Which of these does the map show?",
    concept: null,
    questions: [
      {
        key: "concept",
        kind: "choice",
        text: "Which concept does the map show?",
        anchors: [],
        options: [
          { key: "a", text: "regular network" },
          { key: "b", text: "red to purple lacunae" },
          { key: "c", text: "blue-white veil" },
          { key: "d", text: "milia-like cysts" },
        ],
        required: true,
      },
    ],
    ...overrides,
  });
}

export function makeTruth(overrides: Partial<ItemTruth> = {}): ItemTruth {
  return {
    answer: null,
    class_key: "mel",
    positive: null,
    model_version_id: MODEL_ID,
    map_kind: "gradcam",
    sham: null,
    map_option_id: "pattern.network",
    map_case_number: 1,
    map_sha256: "cd".repeat(32),
    ...overrides,
  };
}

export function makePreview(overrides: Partial<StudyPreview> = {}): StudyPreview {
  return {
    content: makeItemContent(),
    image: `/reader-studies/${STUDY_ID}/cases/0/image`,
    width: 640,
    height: 480,
    truth: makeTruth(),
    ...overrides,
  };
}

export function makeStudyReader(overrides: Partial<StudyReader> = {}): StudyReader {
  return {
    id: STUDY_READER_ID,
    code: "R1",
    name: "Ben Okafor",
    email: "ben@hospital.example",
    simulated: false,
    status: "reading",
    pending_account: false,
    sessions: [{ number: 1, done: 3, total: 5, opens_at: null }],
    done: 3,
    total: 5,
    median_seconds: 14.2,
    answers_last_7_days: 3,
    last_answer_at: "2026-11-21T09:30:00Z",
    expected_end: "2026-11-26T09:30:00Z",
    reminded_at: null,
    invited_at: "2026-11-20T10:00:00Z",
    finished_at: null,
    ...overrides,
  };
}

export function makeStudyMember(overrides: Partial<StudyMember> = {}): StudyMember {
  return { user: { id: ACCOUNT_ID, name: "Anna Weber" }, role: "owner", ...overrides };
}

export function makeStudyQuery(overrides: Partial<StudyQuery> = {}): StudyQuery {
  return {
    id: QUERY_ID,
    reader_code: "R1",
    reader_name: "Ben Okafor",
    item_number: 2,
    task_title: "Localization",
    case_label: "Case 0123AB",
    text: "Is the ruler part of the image?",
    created_at: "2026-11-21T09:40:00Z",
    reply: null,
    replied_by: null,
    replied_at: null,
    ...overrides,
  };
}

export function makeStudyProtocol(overrides: Partial<StudyProtocol> = {}): StudyProtocol {
  return {
    version: 1,
    hash: "ab".repeat(32),
    previous_hash: null,
    reason: "",
    author: { id: ACCOUNT_ID, name: "Anna Weber" },
    created_at: "2026-11-20T10:00:00Z",
    changes: [],
    ...overrides,
  };
}

export function makeStudyItem(overrides: Partial<StudyItem> = {}): StudyItem {
  return {
    number: 1,
    task_key: "localization",
    kind: "localization",
    arm_key: "real",
    case_number: 1,
    case_label: "Case 0123AB",
    dataset: null,
    practice: false,
    option_id: "pattern.network",
    truth: makeTruth(),
    ...overrides,
  };
}

export const READER_CANDIDATES = [
  { id: READER_ID, name: "Ben Okafor", email: "ben@hospital.example" },
  { id: "b1".repeat(16), name: "Carla Rossi", email: "carla@hospital.example" },
];
