import { useMutation, useQueryClient } from "@tanstack/react-query";
import { client, unwrap } from "../../../shared/api/client";
import type { ReadingAmendment, ReadingResponse } from "../../../shared/api/types";
import { responsesOptions } from "./list-responses";

function amendResponse(
  studyId: string,
  responseId: string,
  body: ReadingAmendment,
): Promise<ReadingResponse> {
  const params = { path: { study_id: studyId, response_id: responseId } };
  return unwrap(
    client.POST("/api/v1/readings/{study_id}/responses/{response_id}/amendments", { params, body }),
  );
}

/** Adds a correction; the locked answer stays. */
export function useAmendResponse(studyId: string, responseId: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (body: ReadingAmendment) => amendResponse(studyId, responseId, body),
    onSuccess: (amended) =>
      queryClient.setQueryData(responsesOptions(studyId).queryKey, (responses) =>
        responses?.map((response) => (response.id === amended.id ? amended : response)),
      ),
  });
}
