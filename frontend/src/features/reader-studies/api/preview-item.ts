import { queryOptions, useQuery } from "@tanstack/react-query";
import { client, unwrap } from "../../../shared/api/client";
import { queryKeys } from "../../../shared/api/query-keys";
import type { StudyPreview, StudyPreviewCreate } from "../../../shared/api/types";

function previewItem(
  studyId: string,
  body: StudyPreviewCreate,
  signal: AbortSignal,
): Promise<StudyPreview> {
  const params = { path: { study_id: studyId } };
  return unwrap(client.POST("/api/v1/reader-studies/{study_id}/preview", { params, body, signal }));
}

export function previewOptions(studyId: string, revision: number, item: StudyPreviewCreate) {
  return queryOptions({
    queryKey: queryKeys.studyPreview(studyId, revision, item),
    queryFn: ({ signal }) => previewItem(studyId, item, signal),
    // The same revision always gives the same item.
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** An item as the reader will see it. Null: the draft is not saved yet. */
export function usePreview(
  study: { id: string; revision: number },
  item: StudyPreviewCreate | null,
) {
  const nothing = { task_key: "", arm_key: "", case_index: 0 };
  return useQuery({
    ...previewOptions(study.id, study.revision, item ?? nothing),
    enabled: item !== null,
  });
}
