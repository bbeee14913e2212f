/** A reader's place and status in words. */

import type { ReadingItem, ReadingStatus, ReadingSummary } from "../../../shared/api/types";
import { capitalized, formatDateTime } from "../../../shared/lib/format";

/** "Session 2, item 5 of 40"; a study of one session does not name it. */
export function describePlace(item: ReadingItem, total: number | null, sessions: number): string {
  const session = sessions > 1 ? `Session ${item.session}, item` : "Item";
  return total === null ? `${session} ${item.number}` : `${session} ${item.number} of ${total}`;
}

const STATUS: Readonly<Record<ReadingStatus, string>> = {
  invited: "Not begun",
  reading: "In progress",
  washout: "Waiting for the next session",
  finished: "Finished",
  closed: "Closed",
};

export function statusWords({ status, opens_at }: ReadingSummary): string {
  return status === "washout" && opens_at ? `Opens on ${formatDateTime(opens_at)}` : STATUS[status];
}

/** A question by its key: locked answers come without the questions' texts. */
export function answerWords(key: string): string {
  return capitalized(key.replace(/[-_]/g, " "));
}
