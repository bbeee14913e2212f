import type { ReaderCandidate, StudyReader } from "../../../shared/api/types";

/** Code of the reader that a member is as well, by the account's address; null: none, or withdrawn. */
export function readsAs(
  userId: string,
  candidates: readonly ReaderCandidate[],
  readers: readonly StudyReader[],
): string | null {
  const email = candidates.find(({ id }) => id === userId)?.email;
  const reader = readers.find(
    (each) => email !== undefined && each.email === email && each.status !== "withdrawn",
  );
  return reader?.code ?? null;
}
