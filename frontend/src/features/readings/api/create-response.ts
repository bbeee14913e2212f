import { client, unwrap } from "../../../shared/api/client";
import type { ReadingResponse } from "../../../shared/api/types";
import type { Submission } from "../lib/local-drafts";

/** Locks an answer. The same sent again changes nothing. */
export function createResponse(studyId: string, body: Submission): Promise<ReadingResponse> {
  const params = { path: { study_id: studyId } };
  return unwrap(client.POST("/api/v1/reader-studies/{study_id}/responses", { params, body }));
}
