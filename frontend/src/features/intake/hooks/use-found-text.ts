import { useMemo, useState } from "react";
import type { Case } from "../../../shared/api/types";
import { useDeidentification } from "../api/get-deidentification";
import { type FoundLine, isCovered, linesOf, missingRegions } from "../lib/found-text";
import type { Regions } from "./use-regions";

export interface FoundText {
  query: ReturnType<typeof useDeidentification>;
  lines: readonly FoundLine[];
  /** Those that no region covers. */
  open: readonly FoundLine[];
  /** Number of the line that is pointed at in the list. */
  pointedAt: number | null;
  pointAt: (number: number | null) => void;
  cover: (lines: readonly FoundLine[]) => void;
}

/** Lines that look like text to the server. `inOneFrame`: covering one leaves the other frames as they are. */
export function useFoundText(entry: Case, regions: Regions, inOneFrame: boolean): FoundText {
  const query = useDeidentification(entry.id);
  const [pointedAt, pointAt] = useState<number | null>(null);
  const { data } = query;
  const lines = useMemo(() => linesOf(data?.found ?? []), [data]);
  return {
    query,
    lines,
    open: lines.filter((line) => !isCovered(line, regions.all)),
    pointedAt,
    pointAt,
    cover: (wanted) =>
      regions.act({ type: "cover", regions: missingRegions(wanted, regions.all, inOneFrame) }),
  };
}
