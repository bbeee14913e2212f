import { NativeSelect } from "@mantine/core";
import { useId, useMemo, useState } from "react";
import type { TrainingRunDetail } from "../../../shared/api/types";
import { LineChart } from "../../../shared/components/line-chart";
import { formatNumber } from "../../../shared/lib/format";
import { isUnended } from "../../../shared/lib/job-status";
import {
  bmacReferences,
  bmacSeries,
  lossParts,
  lossSeries,
  partName,
  rankSeries,
} from "../lib/run-charts";
import classes from "./run-charts.module.css";

const HEIGHT = 180;
const oneDecimal = (value: number) => formatNumber(value, 1);

/** Loss, balanced accuracy and rank by epoch, while it runs and after, beside the parent's. */
export function RunCharts({ run }: { run: TrainingRunDetail }) {
  const { epochs, parent_figures: parent } = run;
  const headingId = useId();
  const parts = useMemo(() => lossParts(epochs), [epochs]);
  const [chosen, setChosen] = useState("total");
  const part = parts.includes(chosen) ? chosen : (parts[0] ?? "total");
  const loss = useMemo(() => lossSeries(epochs, part), [epochs, part]);
  const bmac = useMemo(() => bmacSeries(epochs), [epochs]);
  const references = useMemo(() => bmacReferences(parent), [parent]);
  const rank = useMemo(() => rankSeries(epochs, parent), [epochs, parent]);
  const planned = run.epochs_planned;
  const range = useMemo(() => (planned === null ? undefined : ([1, planned] as const)), [planned]);
  const empty = isUnended(run)
    ? "The curve begins when the first epoch has ended."
    : "No epoch has ended.";
  const common = { xLabel: "Epoch", height: HEIGHT, empty, ...(range && { xRange: range }) };
  return (
    <section className={classes.charts} aria-labelledby={headingId}>
      <h2 id={headingId} className="visually-hidden">
        Curves
      </h2>
      <div className={classes.chart}>
        <LineChart title={`Loss: ${partName(part).toLowerCase()}`} series={loss} {...common} />
        {parts.length > 1 && (
          <NativeSelect
            description={
              loss.length === 1 && part === "total"
                ? "The validation is measured by part, without a total."
                : undefined
            }
            className={classes.part}
            size="xs"
            aria-label="Part of the loss"
            value={part}
            data={parts.map((key) => ({ value: key, label: `Loss: ${partName(key)}` }))}
            onChange={(event) => setChosen(event.currentTarget.value)}
          />
        )}
      </div>
      <div className={classes.chart}>
        <LineChart
          title="Balanced accuracy (BMAC), validation"
          series={bmac}
          references={references}
          {...common}
        />
      </div>
      <div className={classes.chart}>
        <LineChart
          title="Effective rank of the tokens"
          series={rank}
          format={oneDecimal}
          {...common}
        />
      </div>
    </section>
  );
}
