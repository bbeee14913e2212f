/** Events in words. What is not known here (from a later version) is shown as it is. */

import type { AuditEvent } from "../../../shared/api/types";

const ACTIONS: Readonly<Record<string, string>> = {
  "account.changed": "changed an account",
  "account.created": "created an account",
  "account.groups_changed": "changed somebody’s groups",
  "account.identity_linked": "linked an account to single sign-on",
  "account.link_made": "made an invitation or reset link",
  "account.password_set": "set a password",
  "account.wrong_password": "gave a wrong current password",
  "agreement.viewed": "looked at the agreement of people and models",
  "audit.exported": "exported the audit trail",
  "audit.viewed": "looked at the audit trail",
  "case.changed": "changed a case",
  "case.created": "added a case",
  "case.deleted": "deleted a case",
  "case.original_read": "read the original file of a case",
  "case.reviewed": "looked for text in the pixels of a case",
  "case.shared": "changed who sees a case",
  "case.viewed": "looked at a case",
  "cases.listed": "looked at the list of cases",
  "comparison.cancelled": "cancelled a comparison of models",
  "comparison.created": "started a comparison of models",
  "comparison.finished": "a comparison of models ended",
  "concept_set.created": "made a concept set",
  "concept_set.exported": "exported a concept set",
  "concept_set.registered": "registered a concept set",
  "concept_set.revised": "changed a concept set",
  "concept_set.viewed": "looked at a concept set",
  "dataset.deleted": "deleted a data set",
  "dataset.found": "found a data set",
  "dataset.import_cancelled": "cancelled an import",
  "dataset.import_failed": "an import failed",
  "dataset.import_started": "started an import",
  "dataset.imported": "imported a data set",
  "dataset.lost": "a data set was lost",
  "diagnosis.cancelled": "cancelled a diagnosis of a model",
  "diagnosis.created": "started a diagnosis of a model",
  "diagnosis.finished": "a diagnosis of a model ended",
  "evidence.cancelled": "cancelled the measuring of a model’s explanations",
  "evidence.created": "had a model’s explanations measured",
  "evidence.finished": "the measuring of a model’s explanations ended",
  "group.changed": "changed a group",
  "group.created": "created a group",
  "group.deleted": "deleted a group",
  "intervention.created": "kept an intervention",
  "intervention.exported": "exported an intervention",
  "intervention.viewed": "looked at an intervention",
  "intervention_batch.cancelled": "cancelled an intervention over a data set",
  "intervention_batch.created": "started an intervention over a data set",
  "intervention_batch.exported": "exported an intervention over a data set",
  "intervention_batch.finished": "an intervention over a data set ended",
  "label.changed": "changed what they see in an image",
  "label.created": "marked what they see in an image",
  "labels.exported": "exported labels",
  "model_version.activated": "activated a model",
  "model_version.lost": "a model was lost",
  "model_version.registered": "registered a model",
  "prediction.created": "had an image explained",
  "prediction.viewed": "looked at a prediction",
  "reader_study.amended": "amended the protocol of a reader study",
  "reader_study.cancelled": "stopped the publication of a reader study",
  "reader_study.closed": "closed a reader study",
  "reader_study.created": "made a reader study",
  "reader_study.deleted": "deleted a reader study",
  "reader_study.exported": "exported a reader study",
  "reader_study.failed": "a reader study could not be prepared",
  "reader_study.opened": "a reader study opened",
  "reader_study.published": "published a reader study",
  "reader_study.reopened": "reopened a reader study",
  "reader_study.results_viewed": "looked at the results of a reader study",
  "reader_study.updated": "changed the draft of a reader study",
  "session.ended": "signed out",
  "session.others_ended": "signed out everywhere else",
  "session.refused": "was refused when signing in",
  "session.braked": "was refused: too many attempts to sign in",
  "dataset.viewed": "looked at a data set",
  "session.started": "signed in",
  "study_member.changed": "changed who runs or observes a reader study",
  "study_query.asked": "asked a question about an item of a reader study",
  "study_query.replied": "replied to a question of a reader",
  "study_reader.finished": "finished reading in a reader study",
  "study_reader.invited": "invited a reader to a reader study",
  "study_reader.reminded": "reminded a reader of a reader study",
  "study_reader.started": "began reading in a reader study",
  "study_reader.withdrawn": "withdrew a reader from a reader study",
  "study_response.amended": "added a correction to an answer in a reader study",
  "training_run.cancelled": "cancelled a training run",
  "training_run.created": "started a training run",
  "training_run.finished": "a training run ended",
  "training_run.resumed": "resumed a training run",
  "token.created": "created an API token",
  "token.revoked": "revoked an API token",
};

export function actionWords(action: string): string {
  return ACTIONS[action] ?? action;
}

export interface SubjectWords {
  text: string;
  /** Page of it, where there is one. */
  to: string | null;
}

const PAGES: Readonly<Record<string, (id: string) => string>> = {
  case: (id) => `/cases/${id}`,
  dataset: (id) => `/datasets/${id}`,
  model_version: (id) => `/models/${id}`,
  concept_set: (id) => `/concept-sets/${id}`,
  training_run: (id) => `/training/${id}`,
  reader_study: (id) => `/studies/${id}`,
};

const KINDS: Readonly<Record<string, string>> = {
  concept_set: "concept set",
  dataset: "data set",
  model_version: "model",
  token: "API token",
};

/**
 * "case/0123…" → "case 01234567", "case/*" → "all cases". The whole id stands in the details.
 * `names` are of people and groups, by their ids.
 */
export function subjectWords(
  { subject, action }: Pick<AuditEvent, "subject" | "action">,
  names: ReadonlyMap<string, string> = new Map(),
): SubjectWords {
  const [kind = subject, id = ""] = subject.split("/");
  const words = KINDS[kind] ?? kind.replaceAll("_", " ");
  if (id === "*") {
    return { text: `all ${words}s`, to: null };
  }
  const short = names.get(id) ?? (/^[0-9a-f]{32}$/.test(id) ? id.slice(0, 8) : id);
  const page = action.endsWith(".deleted") ? undefined : PAGES[kind];
  return { text: `${words} ${short}`.trim(), to: page && id ? page(id) : null };
}

export interface Difference {
  field: string;
  /** Null: there was none. */
  before: string | null;
  after: string | null;
}

/** What is different between before and after, field by field. */
export function differences({ before, after }: Pick<AuditEvent, "before" | "after">): Difference[] {
  const fields = new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})]);
  return [...fields]
    .map((field) => ({ field, before: textOf(before?.[field]), after: textOf(after?.[field]) }))
    .filter((each) => each.before !== each.after);
}

function textOf(value: unknown): string | null {
  if (value === undefined || value === null) {
    return null;
  }
  if (typeof value === "string") {
    return value === "" ? "(empty)" : value;
  }
  if (Array.isArray(value) && value.every((each) => typeof each === "string")) {
    return value.join(", ") || "(none)";
  }
  return JSON.stringify(value);
}
