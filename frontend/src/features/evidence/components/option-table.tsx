import { useMemo } from "react";
import type { NamedFigure, OptionEvidence } from "../../../shared/api/types";
import { formatCount } from "../../../shared/lib/format";
import { MeasuredTable } from "./measured-table";

interface OptionTableProps {
  /** Of the concept. */
  name: string;
  options: readonly OptionEvidence[];
}

/** How well the score of each option tells images with it from images without. */
export function OptionTable({ name, options }: OptionTableProps) {
  const figures = useMemo(() => options.map(figureOf), [options]);
  const notes = useMemo(
    () =>
      new Map(
        options.map(({ id, present, absent }) => [
          id,
          `AUROC; ${formatCount(present)} with it, ${formatCount(absent)} without`,
        ]),
      ),
    [options],
  );
  return (
    <MeasuredTable caption={`AUROC of the options of ${name}`} figures={figures} notes={notes} />
  );
}

function figureOf({ id, name, auroc }: OptionEvidence): NamedFigure {
  return {
    key: id,
    name,
    unit: "auroc",
    better: "higher",
    measured: auroc,
    reference: 0.5,
    reference_name: "chance",
  };
}
