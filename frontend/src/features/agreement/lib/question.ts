/** What the page of agreement is asked, as it stands in its address and as the server wants it. */

import type { Agreement } from "../../../shared/api/types";

/** In the address, in place of a group's key: keys have no star. */
export const CLASS = "*class";

export interface Question {
  /** Null: left to the server, which takes the model with most labels. */
  model: string | null;
  /** One's own labels only. */
  mine: boolean;
  /** Key of the group to look at, or CLASS; null: all. */
  group: string | null;
}

export function readQuestion(address: URLSearchParams): Question {
  return {
    model: address.get("model") || null,
    mine: address.get("mine") === "true",
    group: address.get("group") || null,
  };
}

export function writeQuestion({ model, mine, group }: Question): URLSearchParams {
  return new URLSearchParams({
    ...(model && { model }),
    ...(mine && { mine: "true" }),
    ...(group && { group }),
  });
}

export function asQuery({ model, mine }: Question) {
  return { ...(model && { model_version_id: model }), ...(mine && { mine: true }) };
}

export function exportAddress(modelVersionId: string, format: "csv" | "json"): string {
  const query = new URLSearchParams({ model_version_id: modelVersionId, format });
  return `/api/v1/agreement/labels?${query}`;
}

/** Choices of the group; one that the address names and the model does not have means all. */
export function groupIn({ groups }: Agreement, group: string | null): string | null {
  return group === CLASS || groups.some(({ key }) => key === group) ? group : null;
}
