import { client, unwrap } from "../../../shared/api/client";
import type { ReadingNext } from "../../../shared/api/types";

/** What to read now, and what comes then. Never from a cache: answers move it on. */
export function getNextItem(studyId: string): Promise<ReadingNext> {
  const params = { path: { study_id: studyId } };
  return unwrap(client.GET("/api/v1/reader-studies/{study_id}/next", { params }));
}
