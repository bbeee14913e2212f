import { useMutation, useQueryClient } from "@tanstack/react-query";
import { client, unwrap } from "../../../shared/api/client";
import { queryKeys } from "../../../shared/api/query-keys";
import type { Case, ReviewCreate } from "../../../shared/api/types";

function reviewCase(caseId: string, body: ReviewCreate): Promise<Case> {
  const params = { path: { case_id: caseId } };
  return unwrap(client.POST("/api/v1/cases/{case_id}/review", { params, body }));
}

/** Says that somebody has looked. `onReviewed` comes also where the page of the review is gone by then. */
export function useReviewCase(caseId: string, onReviewed: () => void) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (body: ReviewCreate) => reviewCase(caseId, body),
    onSuccess: (reviewed) => {
      // The pixels are others now; nothing may show those of before.
      queryClient.removeQueries({ queryKey: queryKeys.caseImage(caseId) });
      queryClient.removeQueries({ queryKey: queryKeys.reviewFrames(caseId) });
      queryClient.removeQueries({ queryKey: queryKeys.deidentification(caseId) });
      onReviewed();
      queryClient.setQueryData(queryKeys.case(caseId), reviewed);
      void queryClient.invalidateQueries({ queryKey: [...queryKeys.cases, "list"] });
    },
  });
}

/** Somebody else was faster: shows the case as it is now. */
export function useReloadCase(caseId: string): () => void {
  const queryClient = useQueryClient();
  return () => void queryClient.invalidateQueries({ queryKey: queryKeys.case(caseId) });
}
