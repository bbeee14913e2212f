import classes from "./line-chart.module.css";
import { type ChartReference, type ChartSeries, type Shape, toneOf } from "./line-chart-data";

interface LegendProps {
  title: string;
  series: readonly ChartSeries[];
  references: readonly ChartReference[];
  hidden: ReadonlySet<string>;
  /** Of a line by its place, in words. */
  valueAt: (line: number) => string;
  format: (value: number) => string;
  onToggle: (key: string) => void;
}

/** All lines with their marks and values. */
export function Legend(props: LegendProps) {
  const { title, series, references, hidden, valueAt, format, onToggle } = props;
  return (
    <ul className={classes.legend} aria-label={`Lines of ${title}`}>
      {series.map((entry, line) => (
        <LegendEntry
          key={entry.key}
          label={entry.label}
          value={valueAt(line)}
          shown={!hidden.has(entry.key)}
          onToggle={() => onToggle(entry.key)}
          {...toneOf(entry, line)}
          dash={entry.dashed ? "4 2.5" : undefined}
        />
      ))}
      {references.map((entry, at) => (
        <LegendEntry
          key={entry.key}
          label={entry.label}
          value={format(entry.value)}
          shown={!hidden.has(entry.key)}
          onToggle={() => onToggle(entry.key)}
          colour={toneOf(entry, series.length + at).colour}
          dash="1.5 3"
        />
      ))}
    </ul>
  );
}

interface LegendEntryProps {
  label: string;
  value: string;
  shown: boolean;
  onToggle: () => void;
  colour: string;
  shape?: Shape;
  dash: string | undefined;
}

/** A line's mark, name and value; pressing it hides and shows the line. */
function LegendEntry({ label, value, shown, onToggle, colour, shape, dash }: LegendEntryProps) {
  return (
    <li>
      <button type="button" className={classes.entry} aria-pressed={shown} onClick={onToggle}>
        <svg className={classes.swatch} width="24" height="10" aria-hidden="true">
          <line
            x1="0"
            x2="24"
            y1="5"
            y2="5"
            stroke={colour}
            strokeWidth="1.75"
            strokeDasharray={dash}
          />
          {shape && <Mark shape={shape} colour={colour} hollow={dash !== undefined} />}
        </svg>
        {label} <span className={classes.value}>{value}</span>
      </button>
    </li>
  );
}

const MARKS: Record<Shape, string> = {
  circle: "M9 5a3 3 0 1 0 6 0a3 3 0 1 0-6 0Z",
  square: "M9.3 2.3h5.4v5.4h-5.4Z",
  triangle: "M12 1.4 15.3 7.7H8.7Z",
  diamond: "M12 1.1 15.9 5 12 8.9 8.1 5Z",
  cross: "M9 2l6 6M9 8l6-6",
  plus: "M12 1.4v7.2M8.4 5h7.2",
};

function Mark({ shape, colour, hollow }: { shape: Shape; colour: string; hollow: boolean }) {
  const fill = hollow ? "var(--surface)" : colour;
  return <path d={MARKS[shape]} fill={fill} stroke={colour} strokeWidth="1" />;
}

interface DataTableProps {
  title: string;
  xLabel: string;
  series: readonly ChartSeries[];
  references: readonly ChartReference[];
  format: (value: number) => string;
  xs: readonly number[];
  columns: readonly (readonly (number | null)[])[];
}

/** The same data for screen readers. */
export function DataTable({
  title,
  xLabel,
  series,
  references,
  format,
  xs,
  columns,
}: DataTableProps) {
  const across = references.map(({ label, value }) => `${label} ${format(value)}`);
  return (
    <table>
      <caption>{[title, ...across].join("; ")}</caption>
      <thead>
        <tr>
          <th scope="col">{xLabel}</th>
          {series.map(({ key, label }) => (
            <th key={key} scope="col">
              {label}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {xs.map((x, row) => (
          <tr key={x}>
            <th scope="row">{x}</th>
            {series.map(({ key }, line) => {
              const value = columns[line]?.[row];
              return (
                <td key={key}>
                  {value === null || value === undefined ? "not measured" : format(value)}
                </td>
              );
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
