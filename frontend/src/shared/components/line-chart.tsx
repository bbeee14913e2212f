import { type KeyboardEvent, useEffect, useId, useMemo, useRef, useState } from "react";
import type uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { formatNumber } from "../lib/format";
import classes from "./line-chart.module.css";
import { type ChartReference, type ChartSeries, joinPoints, nextPlace } from "./line-chart-data";
import { DataTable, Legend } from "./line-chart-parts";
import { aligned, canDraw, createPlot, showPlace } from "./line-chart-plot";

interface LineChartProps {
  /** What is shown, with its unit: "Loss", "Effective rank". */
  title: string;
  /** What the horizontal axis counts. Positions are whole numbers. */
  xLabel: string;
  series: readonly ChartSeries[];
  references?: readonly ChartReference[];
  /** Where the horizontal scale begins and ends at least, such as from the first epoch to the last planned. */
  xRange?: readonly [number, number];
  /** Default: what the data need. */
  yRange?: readonly [number, number];
  /** How values are written in the legend and the table. Default: three decimals. */
  format?: (value: number) => string;
  /** Of the drawing, in pixels. */
  height?: number;
  /** Said instead of the drawing while there are no points. */
  empty: string;
}

const NO_REFERENCES: readonly ChartReference[] = [];
const threeDecimals = (value: number) => formatNumber(value, 3);

/**
 * Lines over whole-numbered positions (epochs). The legend shows the values at the position that is pointed at, or
 * else the latest, and hides and shows lines. The keyboard steps through the positions; the same data are there as a
 * table for screen readers. Tone, mark and dashes tell lines apart.
 */
export function LineChart(props: LineChartProps) {
  const { title, xLabel, series, references = NO_REFERENCES, height = 190, empty } = props;
  const format = props.format ?? threeDecimals;
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const [chosen, setChosen] = useState<number | null>(null);
  const data = useMemo(() => joinPoints(series), [series]);
  const { xs, columns } = data;
  const place = chosen === null ? null : Math.min(chosen, xs.length - 1);
  const target = usePlot({ ...props, references, hidden, height, data, place, setChosen });
  const titleId = useId();

  const valueAt = (line: number) => {
    const column = columns[line] ?? [];
    const value = place === null ? column.findLast((entry) => entry !== null) : column[place];
    return value === null || value === undefined ? "–" : format(value);
  };
  const read = place ?? xs.length - 1;
  const words = series
    .map((entry, line) => ({ label: entry.label, key: entry.key, value: columns[line]?.[read] }))
    .filter(({ key, value }) => !hidden.has(key) && value !== null && value !== undefined)
    .map(({ label, value }) => `${label} ${format(value as number)}`);

  function onKeyDown(event: KeyboardEvent) {
    if (event.key === "Escape" && chosen !== null) {
      setChosen(null);
      event.stopPropagation();
      return;
    }
    const next = nextPlace(event.key, read, xs.length);
    if (next !== null && !event.altKey && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      setChosen(next);
    }
  }

  function toggle(key: string) {
    const next = new Set(hidden);
    next.has(key) ? next.delete(key) : next.add(key);
    setHidden(next);
  }

  return (
    <figure className={classes.chart} aria-labelledby={titleId}>
      <div className={classes.head}>
        <h3 id={titleId} className={classes.title}>
          {title}
        </h3>
        {xs.length > 0 && (
          <span className={classes.place} aria-hidden>
            {place === null ? "latest" : `${xLabel} ${xs[place]}`}
          </span>
        )}
      </div>
      {xs.length === 0 ? (
        <div className={classes.empty} style={{ height }}>
          {empty}
        </div>
      ) : (
        // A slider along the positions: screen readers say the values as it moves.
        <div
          ref={target}
          className={classes.plot}
          style={{ height }}
          role="slider"
          tabIndex={0}
          aria-label={`${title}: values by ${xLabel.toLowerCase()}`}
          aria-valuemin={xs[0] ?? 0}
          aria-valuemax={xs.at(-1) ?? 0}
          aria-valuenow={xs[read] ?? 0}
          aria-valuetext={`${xLabel} ${xs[read]}: ${words.join(", ") || "nothing shown"}`}
          onKeyDown={onKeyDown}
          onBlur={() => setChosen(null)}
        />
      )}
      {xs.length > 0 && (
        <Legend
          title={title}
          series={series}
          references={references}
          hidden={hidden}
          valueAt={valueAt}
          format={format}
          onToggle={toggle}
        />
      )}
      {xs.length > 0 && (
        <div className="visually-hidden">
          <DataTable
            title={title}
            xLabel={xLabel}
            series={series}
            references={references}
            format={format}
            {...data}
          />
        </div>
      )}
    </figure>
  );
}

type PlotProps = LineChartProps & {
  references: readonly ChartReference[];
  hidden: ReadonlySet<string>;
  height: number;
  data: ReturnType<typeof joinPoints>;
  place: number | null;
  setChosen: (place: number | null) => void;
};

/** Keeps a drawing in step with the data, the width of its box and the chosen position. */
function usePlot({ data, place, setChosen, ...settings }: PlotProps) {
  const target = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(null);
  const latest = useRef({ data, settings });
  const { series, references, hidden, xLabel, height, xRange, yRange } = settings;
  const lines = series.map(({ key, label, tone, dashed }) => [key, label, tone, dashed]);
  // What cannot be changed on a drawing that is there already.
  const shape = JSON.stringify([lines, references, [...hidden], xLabel, height, xRange, yRange]);
  const some = data.xs.length > 0;

  useEffect(() => {
    latest.current = { data, settings };
  });

  // biome-ignore lint/correctness/useExhaustiveDependencies: `shape` stands for what is drawn anew, `latest` has it
  useEffect(() => {
    const box = target.current;
    if (!box || !some || !canDraw()) {
      return;
    }
    const { settings: now, data: points } = latest.current;
    const drawing = createPlot(
      box,
      { ...now, xRange: now.xRange, yRange: now.yRange, width: widthOf(box), onPlace: setChosen },
      points,
    );
    plot.current = drawing;
    const watch = new ResizeObserver(() => drawing.setSize({ width: widthOf(box), height }));
    watch.observe(box);
    return () => {
      watch.disconnect();
      drawing.destroy();
      plot.current = null;
    };
  }, [shape, some]);

  useEffect(() => {
    plot.current?.setData(aligned(data));
  }, [data]);

  useEffect(() => {
    const drawing = plot.current;
    // The pointer has moved the cursor there itself.
    if (drawing && (drawing.cursor.idx ?? null) !== place) {
      showPlace(drawing, place);
    }
  }, [place]);
  return target;
}

const widthOf = (box: HTMLElement) => Math.max(160, Math.floor(box.clientWidth));
