/** Concept sets as the server would send them; the options are those of the model in fixtures.ts. */

import type {
  ConceptChange,
  ConceptSet,
  ConceptSetContent,
  Revision,
  RevisionList,
  RevisionSummary,
} from "../api/types";
import { ACCOUNT_ID } from "./account-fixtures";
import { MODEL_ID } from "./fixtures";

export const SET_ID = "5".repeat(32);
export const OTHER_SET_ID = "6".repeat(32);
export const REVISION_ID = "8".repeat(32);
export const FIRST_REVISION_ID = "9".repeat(32);

export function makeContent(overrides: Partial<ConceptSetContent> = {}): ConceptSetContent {
  return {
    name: "isic2018",
    version: 1,
    title: "Skin lesions",
    modality: "dermoscopy",
    prompt: "a dermoscopic image, {group}: {option}",
    classes: [
      { key: "mel", name: "Melanoma" },
      { key: "nv", name: "Melanocytic nevus" },
    ],
    groups: [
      {
        key: "border",
        name: "Border",
        localizable: false,
        options: [
          {
            key: "fading",
            text: "edge that fades gradually",
            synonyms: ["soft margin"],
            source: "Nachbar 1994",
          },
          { key: "sharp", text: "sharply cut edge", synonyms: [], source: "Nachbar 1994" },
        ],
      },
      {
        key: "pattern",
        name: "Dermoscopic pattern",
        localizable: true,
        options: [
          { key: "network", text: "regular network", synonyms: [], source: "Argenziano 2003" },
          { key: "lacunae", text: "red to purple lacunae", synonyms: [], source: "Plain words" },
        ],
      },
    ],
    class_options: {
      mel: { border: "sharp", pattern: "network" },
      nv: { border: "fading" },
    },
    ...overrides,
  };
}

export function makeRevisionSummary(overrides: Partial<RevisionSummary> = {}): RevisionSummary {
  return {
    id: REVISION_ID,
    concept_set_id: SET_ID,
    number: 2,
    digest: "d".repeat(64),
    parent_revision_id: FIRST_REVISION_ID,
    author: { id: ACCOUNT_ID, name: "Anna Weber" },
    reason: "Clearer words",
    created_at: "2026-11-20T16:00:00Z",
    ...overrides,
  };
}

export const FIRST_REVISION = makeRevisionSummary({
  id: FIRST_REVISION_ID,
  number: 1,
  digest: "f".repeat(64),
  parent_revision_id: null,
  author: null,
  reason: "",
  created_at: "2026-11-19T08:00:00Z",
});

export const USERS: ConceptSet["models"] = [
  {
    id: MODEL_ID,
    name: "dermoscopy-small",
    dataset: "synthetic-dermoscopy",
    active: true,
    digest: "d".repeat(64),
  },
  {
    id: "4".repeat(32),
    name: "dermoscopy-first",
    dataset: "synthetic-dermoscopy",
    active: false,
    digest: "f".repeat(64),
  },
];

export function makeConceptSet(overrides: Partial<ConceptSet> = {}): ConceptSet {
  return {
    id: SET_ID,
    name: "isic2018",
    title: "Skin lesions",
    modality: "dermoscopy",
    classes: 2,
    groups: 2,
    options: 4,
    shipped: true,
    revisions: 2,
    latest: makeRevisionSummary(),
    models: USERS,
    ...overrides,
  };
}

export function makeChange(
  sentence: string,
  overrides: Partial<ConceptChange> = {},
): ConceptChange {
  return {
    kind: "reworded",
    part: "option",
    key: "fading",
    group: "border",
    field: "text",
    before: null,
    after: null,
    position: null,
    similarity: null,
    sentence,
    ...overrides,
  };
}

export const LAST_CHANGE =
  "Group 'border': option 'fading': text was “fading edge”, now “edge that fades gradually”.";

export function promptsOf(content: ConceptSetContent): Revision["prompts"] {
  return content.groups.flatMap((group) =>
    group.options.map((option) => ({
      option_id: `${group.key}.${option.key}`,
      prompt: content.prompt.replace("{group}", group.name).replace("{option}", option.text),
    })),
  );
}

export function makeRevision(overrides: Partial<Revision> = {}): Revision {
  const content = overrides.content ?? makeContent();
  return {
    ...makeRevisionSummary(),
    newest: true,
    content,
    prompts: promptsOf(content),
    warnings: [],
    changes: [makeChange(LAST_CHANGE)],
    models: USERS.slice(0, 1),
    ...overrides,
  };
}

/** What the set said before its words became clearer. */
export function makeFirstRevision(): Revision {
  const content = makeContent();
  const [border, pattern] = content.groups;
  const [fading, sharp] = border?.options ?? [];
  if (border && pattern && fading && sharp) {
    content.groups = [{ ...border, options: [{ ...fading, text: "fading edge" }, sharp] }, pattern];
  }
  return makeRevision({
    ...FIRST_REVISION,
    newest: false,
    content,
    changes: [],
    models: USERS.slice(1),
  });
}

export function listed(revision: Revision): RevisionList["items"][number] {
  const { newest: _newest, content: _content, prompts: _prompts, ...rest } = revision;
  const { warnings: _warnings, models: _models, changes, ...summary } = rest;
  return { ...summary, changes: changes.map(({ sentence }) => sentence) };
}

export const YAML = "name: isic2018\nversion: 1\ntitle: Skin lesions\n";
