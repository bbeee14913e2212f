/** Reviews and what was taken out of a file, in words. */

import type { Case, ChangedElement, ReviewedRegion } from "../../../shared/api/types";
import { formatCount } from "../../../shared/lib/format";

/** Frames count from 1 for people. */
export function frameWords(frame: number | null | undefined, frames: number): string {
  if (frame == null) {
    return frames > 1 ? "all frames" : "";
  }
  return `frame ${frame + 1}`;
}

/** "120 × 40 pixels at 10, 20, all frames". */
export function regionWords(region: ReviewedRegion, frames: number): string {
  const place = `${region.width} × ${region.height} pixels at ${region.x}, ${region.y}`;
  const which = frameWords(region.frame, frames);
  return which ? `${place}, ${which}` : place;
}

const counted = (count: number, one: string, many: string) =>
  `${formatCount(count)} ${count === 1 ? one : many}`;

/** On the button that ends a review. */
export function confirmWords(regions: number): string {
  return regions === 0
    ? "Nothing to hide here"
    : `Black out ${counted(regions, "region", "regions")} and confirm`;
}

export function foundWords(lines: number): string {
  if (lines === 0) {
    return "The detector found nothing that looks like text.";
  }
  return lines === 1
    ? "1 line looks like text; dashes mark it in the picture."
    : `${formatCount(lines)} lines look like text; dashes mark them in the picture.`;
}

/** Beside the button that ends a review. */
export function openWords(lines: number): string {
  return lines === 1
    ? "1 line that looks like text is not covered."
    : `${formatCount(lines)} lines that look like text are not covered.`;
}

/** "12 of 40 frames looked at". */
export function seenWords(seen: number, frames: number): string {
  return seen >= frames
    ? `All ${formatCount(frames)} frames looked at`
    : `${formatCount(seen)} of ${formatCount(frames)} frames looked at`;
}

export function whoMustLook({ owner }: Pick<Case, "owner">): string {
  return owner
    ? `${owner.name} or an administrator has to look first.`
    : "An administrator has to look first: the case is from before there were accounts.";
}

const ACTIONS: Record<ChangedElement["action"], string> = {
  removed: "Removed",
  emptied: "Emptied",
  replaced: "Replaced by a neutral value",
  shifted: "Date shifted",
  remapped: "Replaced by a pseudonym or new identifier",
  cleaned: "Cleaned of what could identify",
};

export function actionWords(action: ChangedElement["action"]): string {
  return ACTIONS[action];
}

/** What stays of the list when somebody types into the filter. */
export function matching(elements: readonly ChangedElement[], typed: string): ChangedElement[] {
  const wanted = typed.trim().toLowerCase();
  return elements.filter(({ tag, name, action }) =>
    [tag, name, actionWords(action)].some((text) => text.toLowerCase().includes(wanted)),
  );
}

export function privateWords(count: number): string {
  return count === 0
    ? "The file had no private elements of a manufacturer."
    : `${counted(count, "private element", "private elements")} of the manufacturer ${count === 1 ? "was" : "were"} removed.`;
}
