/**
 * How usual an image is among those the model was validated on, in words. A small distance is no proof that it is one of
 * their kind: in measured models noise and blank pictures lie near, too (docs/results/explanations.md).
 */

import type { Familiarity } from "../../../shared/api/types";
import { formatNumber } from "../../../shared/lib/format";

/** From this percentile on, the page warns. */
export const UNFAMILIAR_FROM = 95;
const UNUSUAL_FROM = 75;

export interface FamiliarityWords {
  unfamiliar: boolean;
  text: string;
}

export function familiarityWords({ percentile }: Familiarity): FamiliarityWords {
  const figure = `percentile ${formatNumber(percentile, 1)}`;
  if (percentile > UNFAMILIAR_FROM) {
    return { unfamiliar: true, text: `Unlike the training images: ${figure}` };
  }
  if (percentile > UNUSUAL_FROM) {
    return { unfamiliar: false, text: `Less usual among the training images: ${figure}` };
  }
  return { unfamiliar: false, text: `Nothing unusual found: ${figure}` };
}
