import { useMutation } from "@tanstack/react-query";
import { client, unwrap } from "../../../shared/api/client";
import type { StudySample, StudySampleCreate } from "../../../shared/api/types";

function drawSample(body: StudySampleCreate): Promise<StudySample> {
  return unwrap(client.POST("/api/v1/reader-studies/sample", { body }));
}

/** Random images, evenly over the strata. */
export function useDrawSample() {
  return useMutation({ mutationFn: drawSample });
}
