import { useMay } from "../../../shared/account/account-context";
import type { StudyRead } from "../../../shared/api/types";

/** Owner, coordinators and administrators run a study; observers look on. The server decides. */
export function useMayRun({ role }: Pick<StudyRead, "role">): boolean {
  return useMay("studies:write") && role !== "observer";
}
