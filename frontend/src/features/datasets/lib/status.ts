/** What state an import is in, in words. */

import type { Dataset, ImportProgress } from "../../../shared/api/types";
import { formatCount } from "../../../shared/lib/format";

export function isRunning({ status }: Pick<Dataset, "status">): boolean {
  return status === "importing";
}

const STAGES: Record<ImportProgress["stage"], string> = {
  listing: "Listing the files",
  reading: "Reading the images",
  comparing: "Looking for copies of images",
  writing: "Writing the data set",
};

const STAGE_ORDER = Object.keys(STAGES);

/** "Reading the images, 120 of 553"; without numbers while the server does not know them yet. */
export function progressWords(progress: ImportProgress | null): string {
  if (!progress) {
    return "Waiting to begin";
  }
  const { stage, done, total } = progress;
  const share = progressShare(progress);
  if (share === null) {
    return STAGES[stage];
  }
  // Pairs are compared, far more than there are images: their number would puzzle.
  return stage === "comparing"
    ? `${STAGES[stage]}, ${Math.floor(100 * share)}\u202f%`
    : `${STAGES[stage]}, ${formatCount(done)} of ${formatCount(total)}`;
}

/** "step 2 of 4", so that a bar that begins anew surprises nobody. */
export function stepWords(progress: ImportProgress | null): string {
  return progress ? `step ${STAGE_ORDER.indexOf(progress.stage) + 1} of ${STAGE_ORDER.length}` : "";
}

/** Share of the stage that is done, 0 to 1; null where it is not known. */
export function progressShare(progress: ImportProgress | null): number | null {
  if (!progress || progress.total <= 0) {
    return null;
  }
  return Math.min(1, Math.max(0, progress.done / progress.total));
}

const OWN_IMAGES = new Set(["folder", "csv", "npz"]);

/**
 * What people call it, and what else is said of it. The title of one's own images is only that of the form
 * they came in ("A folder per class"), so that the name given to them comes first.
 */
export function headings({ adapter, name, title }: Pick<Dataset, "adapter" | "name" | "title">): {
  main: string;
  other: string;
} {
  return adapter !== null && OWN_IMAGES.has(adapter)
    ? { main: name, other: title }
    : { main: title, other: name };
}
