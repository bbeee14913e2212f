import { Select } from "@mantine/core";
import { IconChevronDown, IconChevronRight } from "@tabler/icons-react";
import { type ReactNode, useState } from "react";
import { formatSigned } from "../../../shared/lib/format";
import type { Bench } from "../lib/bench";
import type { Decision } from "../lib/decide";
import { type GroupPush, type Push, runningSpans, type Span, waterfall } from "../lib/waterfall";
import { WaterfallBars } from "./waterfall-bars";
import classes from "./waterfall-table.module.css";

interface WaterfallTableProps {
  bench: Bench;
  scores: readonly number[];
  decision: Decision;
  /** Index of the class. */
  classIndex: number;
  onClass: (classIndex: number) => void;
}

interface Step {
  before: Span;
  after: Span;
}

/** How bias and groups add up to the logit of a class, before (upper bar) and after (lower bar). */
export function WaterfallTable(props: WaterfallTableProps) {
  const { bench, scores, decision, classIndex, onClass } = props;
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const sums = waterfall(bench, scores, decision, classIndex);
  const before = runningSpans(sums, "before");
  const after = runningSpans(sums, "after");
  const shown = sums.groups.flatMap((group, at) =>
    open.has(group.key)
      ? [
          ...optionSpans(group, "before", before[at]?.from ?? 0),
          ...optionSpans(group, "after", after[at]?.from ?? 0),
        ]
      : [],
  );
  const spans = [...before, ...after, ...shown];
  const ends = [0, sums.bias, ...spans.flatMap(({ from, to }) => [from, to])];
  const extent: Span = { from: Math.min(...ends), to: Math.max(...ends) };
  const name = bench.classes[classIndex]?.name ?? "";
  const toggle = (key: string) =>
    setOpen((was) => {
      const next = new Set(was);
      return next.delete(key) ? next : next.add(key);
    });
  return (
    <section className={classes.section} aria-label={`Contributions to ${name}`}>
      <Select
        label="Class"
        className={classes.select}
        data={bench.classes.map((entry, at) => ({ value: String(at), label: entry.name }))}
        value={String(classIndex)}
        allowDeselect={false}
        onChange={(value) => value !== null && onClass(Number(value))}
      />
      <p className={classes.text}>
        Each row adds to the sum so far; the last row is the logit. An option that is absent
        contributes too, unless its score is zero.
      </p>
      <table className={classes.table}>
        <caption className="visually-hidden">
          Contributions to {name}, before and after the edits
        </caption>
        <thead>
          <tr>
            <th scope="col">Concept group</th>
            <th aria-hidden className={classes.chart}>
              upper bar before, lower after
            </th>
            <th scope="col">Before</th>
            <th scope="col">After</th>
            <th scope="col">Change</th>
          </tr>
        </thead>
        <tbody>
          <Row
            label="Bias"
            push={{ before: sums.bias, after: sums.bias }}
            step={{ before: { from: 0, to: sums.bias }, after: { from: 0, to: sums.bias } }}
            extent={extent}
          />
          {sums.groups.map((group, at) => (
            <GroupRows
              key={group.key}
              group={group}
              step={{ before: before[at] as Span, after: after[at] as Span }}
              extent={extent}
              open={open.has(group.key)}
              onToggle={() => toggle(group.key)}
            />
          ))}
        </tbody>
        <tfoot>
          <Row
            label={`Logit of ${name}`}
            push={sums.total}
            step={{
              before: { from: 0, to: sums.total.before },
              after: { from: 0, to: sums.total.after },
            }}
            extent={extent}
            total
          />
        </tfoot>
      </table>
    </section>
  );
}

interface GroupRowsProps {
  group: GroupPush;
  step: Step;
  extent: Span;
  open: boolean;
  onToggle: () => void;
}

function GroupRows({ group, step, extent, open, onToggle }: GroupRowsProps) {
  const before = optionSpans(group, "before", step.before.from);
  const after = optionSpans(group, "after", step.after.from);
  const Icon = open ? IconChevronDown : IconChevronRight;
  return (
    <>
      <Row
        label={
          <button
            type="button"
            className={classes.toggle}
            aria-expanded={open}
            title={open ? "Hide its options" : "Show its options"}
            onClick={onToggle}
          >
            <Icon size={12} aria-hidden />
            {group.name}
          </button>
        }
        push={group}
        step={step}
        extent={extent}
      />
      {open &&
        group.options.map((option, at) => (
          <Row
            key={option.id}
            label={option.text}
            push={option}
            step={{ before: before[at] as Span, after: after[at] as Span }}
            extent={extent}
            nested
          />
        ))}
    </>
  );
}

function optionSpans({ options }: GroupPush, side: keyof Push, start: number): Span[] {
  let at = start;
  return options.map((option) => {
    const from = at;
    at += option[side];
    return { from, to: at };
  });
}

interface RowProps {
  label: ReactNode;
  push: Push;
  step: Step;
  extent: Span;
  nested?: boolean;
  total?: boolean;
}

function Row({ label, push, step, extent, nested = false, total = false }: RowProps) {
  return (
    <tr data-nested={nested} data-total={total}>
      <th scope="row">{label}</th>
      <td aria-hidden className={classes.chart}>
        <WaterfallBars {...step} extent={extent} total={total} />
      </td>
      <td>{formatSigned(push.before)}</td>
      <td className={classes.after}>{formatSigned(push.after)}</td>
      <td>{formatSigned(push.after - push.before)}</td>
    </tr>
  );
}
