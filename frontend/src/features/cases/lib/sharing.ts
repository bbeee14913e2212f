/** Who sees a case and who may change it, in words. */

import type { Case, Visibility } from "../../../shared/api/types";

export const VISIBILITIES: readonly { visibility: Visibility; name: string; hint: string }[] = [
  { visibility: "private", name: "Private", hint: "The owner and administrators only." },
  { visibility: "groups", name: "Groups", hint: "Also the members of the groups you choose." },
  { visibility: "open", name: "Everybody here", hint: "Everybody with an account on this server." },
];

/** "Private", "Dermatology, Pathology", "Everybody here". */
export function visibilityWords({ visibility, groups }: Pick<Case, "visibility" | "groups">) {
  if (visibility !== "groups") {
    return visibility === "open" ? "Everybody here" : "Private";
  }
  // Groups that one does not belong to stay unnamed.
  return groups.map(({ name }) => name).join(", ") || "Groups";
}

/** Why somebody who sees a case may not change it; null when they may. */
export function readOnlyReason({ may_change, owner }: Pick<Case, "may_change" | "owner">) {
  if (may_change) {
    return null;
  }
  return owner
    ? `This case belongs to ${owner.name}. Only the owner and administrators can change it.`
    : "This case is from before there were accounts. Only administrators can change it.";
}
