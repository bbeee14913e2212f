import { client, unwrap } from "../../../shared/api/client";
import type { ReadingDraft } from "../../../shared/api/types";
import type { Draft } from "../lib/local-drafts";

/** What has been given so far, in place of what was there. */
export function saveDraft(
  studyId: string,
  assignmentId: string,
  body: Draft,
  signal: AbortSignal,
): Promise<ReadingDraft> {
  const params = { path: { study_id: studyId, assignment_id: assignmentId } };
  return unwrap(
    client.PUT("/api/v1/readings/{study_id}/items/{assignment_id}/draft", { params, body, signal }),
  );
}
