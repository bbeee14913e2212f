/** The lines of a run's three charts. */

import type { ParentFigures, TrainingRunDetail } from "../../../shared/api/types";
import type { ChartReference, ChartSeries } from "../../../shared/components/line-chart-data";
import { capitalized } from "../../../shared/lib/format";

type Epoch = TrainingRunDetail["epochs"][number];

/** Tones mean the same in all three charts. */
const TRAIN = 0;
const VALIDATION = 1;

const PARTS: Readonly<Record<string, string>> = {
  total: "Total",
  classification: "Classes",
  concept: "Concepts",
  ivq: "Codebook (IVQ)",
  localization: "Localization of concepts",
  magnet_localization: "Localization of codes",
};

export function partName(key: string): string {
  return PARTS[key] ?? capitalized(key.replaceAll("_", " "));
}

/** Parts of the loss that any epoch has, the total first. */
export function lossParts(epochs: readonly Epoch[]): string[] {
  const found = new Set(
    epochs.flatMap(({ losses, validation_losses }) => [
      ...Object.keys(losses),
      ...Object.keys(validation_losses),
    ]),
  );
  const order = [...Object.keys(PARTS), ...found];
  return [...found].sort((a, b) => order.indexOf(a) - order.indexOf(b));
}

function line(
  epochs: readonly Epoch[],
  read: (epoch: Epoch) => number | null | undefined,
): ChartSeries["points"] {
  return epochs.map((epoch) => ({ x: epoch.epoch, y: read(epoch) ?? null }));
}

/** Lines without a single value are left away: the validation has no total where a part needs masks. */
function measured(series: ChartSeries[]): ChartSeries[] {
  return series.filter(({ points }) => points.some(({ y }) => y !== null));
}

export function lossSeries(epochs: readonly Epoch[], part: string): ChartSeries[] {
  return measured([
    {
      key: "train",
      label: "Training",
      tone: TRAIN,
      points: line(epochs, ({ losses }) => losses[part]),
    },
    {
      key: "validation",
      label: "Validation",
      tone: VALIDATION,
      points: line(epochs, ({ validation_losses }) => validation_losses[part]),
    },
  ]);
}

export function bmacSeries(epochs: readonly Epoch[]): ChartSeries[] {
  return measured([
    {
      key: "class",
      label: "Classes",
      tone: 0,
      points: line(epochs, ({ validation }) => validation.class_bmac),
    },
    {
      key: "concept",
      label: "Concepts",
      tone: 1,
      points: line(epochs, ({ validation }) => validation.concept_bmac),
    },
  ]);
}

/** What there is to beat, as lines across. */
export function bmacReferences(parent: ParentFigures | null): ChartReference[] {
  const of = parentWords(parent);
  const { class_bmac = null, concept_bmac = null } = parent?.validation ?? {};
  return [
    { key: "parent-class", label: `${of}, classes`, tone: 0, value: class_bmac },
    { key: "parent-concept", label: `${of}, concepts`, tone: 1, value: concept_bmac },
  ].flatMap(({ value, ...entry }) => (value === null ? [] : [{ ...entry, value }]));
}

export function rankSeries(epochs: readonly Epoch[], parent: ParentFigures | null): ChartSeries[] {
  const before = parent?.epochs ?? [];
  const of = parentWords(parent);
  return measured([
    {
      key: "train",
      label: "Training",
      tone: TRAIN,
      points: line(epochs, ({ rank_train }) => rank_train),
    },
    {
      key: "validation",
      label: "Validation",
      tone: VALIDATION,
      points: line(epochs, ({ rank_validation }) => rank_validation),
    },
    {
      key: "parent-train",
      label: `${of}, training`,
      tone: TRAIN,
      dashed: true,
      points: line(before, ({ rank_train }) => rank_train),
    },
    {
      key: "parent-validation",
      label: `${of}, validation`,
      tone: VALIDATION,
      dashed: true,
      points: line(before, ({ rank_validation }) => rank_validation),
    },
  ]);
}

function parentWords(parent: ParentFigures | null): string {
  return parent && !parent.same_data ? "Parent (other data)" : "Parent";
}
