/** What is said of a group of near-identical images. */

import type { Cluster } from "../../../shared/api/types";
import { formatNumber } from "../../../shared/lib/format";

/** Labels in the order in which they appear. */
export function labelsOf(cluster: Cluster): string[] {
  return [...new Set(cluster.images.map(({ label }) => label))];
}

/** "similarity 0.98", or the range over the compared pairs. */
export function similarityWords(cluster: Cluster): string {
  const values = cluster.pairs.map(({ similarity }) => similarity);
  if (values.length === 0) {
    return "similarity not recorded";
  }
  const low = formatSimilarity(Math.min(...values));
  const high = formatSimilarity(Math.max(...values));
  return low === high ? `similarity ${low}` : `similarity ${low} to ${high}`;
}

/** Three digits, never rounded up to 1: identical and nearly identical are not the same. */
export function formatSimilarity(similarity: number): string {
  return similarity < 1 && similarity > 0.999 ? ">0.999" : formatNumber(similarity, 3);
}
