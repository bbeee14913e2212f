/** What a diagnosis says of each option, found by the option's id. */

import type {
  ConceptFlag,
  DiagnosisDetail,
  DiagnosisResult,
  GroupDiagnosis,
  OptionDiagnosis,
  OptionSheet,
} from "../../../shared/api/types";

export type FlagKind = ConceptFlag["kind"];

export const FLAG_KINDS: readonly FlagKind[] = ["dormant", "redundant", "not_localized"];

export interface Evidence {
  diagnosis: DiagnosisDetail;
  result: DiagnosisResult;
  options: ReadonlyMap<string, OptionDiagnosis>;
  groups: ReadonlyMap<string, GroupDiagnosis>;
  flags: ReadonlyMap<string, readonly ConceptFlag[]>;
  sheets: ReadonlyMap<string, OptionSheet>;
}

/** Null until there is a result. */
export function gather(diagnosis: DiagnosisDetail | undefined): Evidence | null {
  if (!diagnosis?.result) {
    return null;
  }
  const { result } = diagnosis;
  const flags = new Map<string, ConceptFlag[]>();
  for (const flag of result.flags) {
    flags.set(flag.option, [...(flags.get(flag.option) ?? []), flag]);
  }
  return {
    diagnosis,
    result,
    flags,
    options: new Map(result.options.map((option) => [option.id, option])),
    groups: new Map(result.groups.map((group) => [group.key, group])),
    sheets: new Map(result.option_sheets.map((sheet) => [sheet.option_id, sheet])),
  };
}

export interface FlagCounts {
  /** Options with any flag. */
  flagged: number;
  /** Options that the model has. */
  total: number;
  byKind: Record<FlagKind, number>;
}

/** How many options of the model have a flag; one with two flags of a kind counts once. */
export function countFlags({ options, flags }: Evidence): FlagCounts {
  const byKind: Record<FlagKind, number> = { dormant: 0, redundant: 0, not_localized: 0 };
  for (const found of flags.values()) {
    for (const kind of new Set(found.map((flag) => flag.kind))) {
      byKind[kind] += 1;
    }
  }
  return { flagged: flags.size, total: options.size, byKind };
}

export type FlagFilter = "all" | "flagged" | FlagKind;

/** Ids of the options that a filter leaves; null: all. */
export function passing(evidence: Evidence | null, filter: FlagFilter): ReadonlySet<string> | null {
  if (!evidence || filter === "all") {
    return null;
  }
  return new Set(
    [...evidence.flags]
      .filter(([, found]) => filter === "flagged" || found.some(({ kind }) => kind === filter))
      .map(([id]) => id),
  );
}
