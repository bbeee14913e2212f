/** What the reading room needs of the server. */

import type { ReadingNext } from "../../../shared/api/types";
import type { Draft, Submission } from "./local-drafts";

export interface RoomServer {
  next: () => Promise<ReadingNext>;
  saveDraft: (assignmentId: string, draft: Draft, signal: AbortSignal) => Promise<unknown>;
  respond: (body: Submission) => Promise<unknown>;
}
