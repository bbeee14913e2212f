import { client, unwrap } from "../../../shared/api/client";
import type { StudyRead, StudyUpdate } from "../../../shared/api/types";

/** Saves a draft as a whole; with an older revision than the server's it is refused. */
export function updateStudy(studyId: string, body: StudyUpdate): Promise<StudyRead> {
  const params = { path: { study_id: studyId } };
  return unwrap(client.PUT("/api/v1/reader-studies/{study_id}", { params, body }));
}
