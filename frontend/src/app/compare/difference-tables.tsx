import { Contribution } from "../../features/predictions/components/contribution";
import table from "../../shared/components/data-table.module.css";
import { Section } from "../../shared/components/section";
import { Tag } from "../../shared/components/tag";
import { formatNumber, formatPercent } from "../../shared/lib/format";
import classes from "./difference-tables.module.css";
import {
  type ClassRow,
  classRows,
  coverageWords,
  type GroupRow,
  groupDifferences,
  type OwnGroup,
} from "./differences";
import type { Place, Side } from "./side";

interface DifferenceTablesProps {
  left: Side;
  right: Side;
  /** Shows the option's map. */
  onOption: (optionId: string) => void;
}

const UNKNOWN = "not known";

/** Where the two sides differ, the largest differences first. */
export function DifferenceTables({ left, right, onOption }: DifferenceTablesProps) {
  const outcome = classRows(left, right);
  const concepts = groupDifferences(left, right);
  const { rows, same } = concepts;
  const coverage = coverageWords(left, right);
  const twoModels = left.model.id !== right.model.id;
  if (left.ref === right.ref) {
    return (
      <div className={classes.differences}>
        <p className={classes.hint}>
          Both sides show the same. Choose something else on one of them.
        </p>
      </div>
    );
  }
  return (
    <div className={classes.differences}>
      {coverage.length > 0 && (
        <ul className={classes.coverage} aria-label="What only one model knows">
          {coverage.map((words) => (
            <li key={words}>{words}</li>
          ))}
        </ul>
      )}
      {outcome.some(({ difference }) => difference !== null) && (
        <Section
          title="Class probabilities"
          hint="Difference: right minus left, in percentage points."
        >
          <ClassTable rows={outcome} left={left} right={right} />
        </Section>
      )}
      <Section
        title="Concepts"
        hint={
          twoModels
            ? "A group's line names the option that is present. Scores of two models need not be on one scale: the order of options within a group says more than the size of a difference."
            : "A group's line names the option that is present; below it are the options whose score differs. Difference: right minus left."
        }
      >
        {rows.length > 0 && <ConceptTable rows={rows} onOption={onOption} />}
        {rows.length === 0 && same.length > 0 && (
          <p className={classes.hint}>All options that both know have the same score.</p>
        )}
        {rows.length > 0 && same.length > 0 && (
          <p className={classes.hint}>The same on both sides: {same.join(", ")}.</p>
        )}
        <OwnGroups place="left" groups={concepts.left} />
        <OwnGroups place="right" groups={concepts.right} />
      </Section>
    </div>
  );
}

function ClassTable({ rows, left, right }: { rows: ClassRow[]; left: Side; right: Side }) {
  const scale = Math.max(1, ...rows.map(({ difference }) => 100 * Math.abs(difference ?? 0)));
  const cell = (share: number | null) => (share === null ? UNKNOWN : formatPercent(share));
  return (
    <div className={table.scroll}>
      <table className={`${table.table} ${classes.numbers}`}>
        <caption className="visually-hidden">Differences of class probabilities</caption>
        <thead>
          <tr>
            <th scope="col">Class</th>
            <th scope="col">Left</th>
            <th scope="col">Right</th>
            <th scope="col">Difference</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ key, name, left: one, right: other, difference }) => (
            <tr key={key}>
              <th scope="row">
                {name} {key === left.predictedClass && <Tag>predicted left</Tag>}{" "}
                {key === right.predictedClass && <Tag>predicted right</Tag>}
              </th>
              <td>{cell(one)}</td>
              <td>{cell(other)}</td>
              <td>
                {difference !== null && <Contribution value={100 * difference} scale={scale} />}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface ConceptTableProps {
  rows: GroupRow[];
  onOption: (optionId: string) => void;
}

function ConceptTable({ rows, onOption }: ConceptTableProps) {
  const scale = Math.max(1e-6, ...rows.map(({ size }) => size));
  const cell = (score: number | null) => (score === null ? UNKNOWN : formatNumber(score));
  return (
    <div className={table.scroll}>
      <table className={`${table.table} ${classes.numbers}`}>
        <caption className="visually-hidden">Differences of concepts</caption>
        <thead>
          <tr>
            <th scope="col">Group and option</th>
            <th scope="col">Left</th>
            <th scope="col">Right</th>
            <th scope="col">Difference</th>
          </tr>
        </thead>
        {rows.map((group) => (
          <tbody key={group.key}>
            <tr className={classes.group}>
              <th scope="rowgroup">{group.name}</th>
              <td>{group.left}</td>
              <td>{group.right}</td>
              <td>{group.presentDiffers && <Tag tone="accent">another option present</Tag>}</td>
            </tr>
            {group.options.map(({ id, text, left: one, right: other, difference }) => (
              <tr key={id}>
                <th scope="row" className={classes.option}>
                  <button
                    type="button"
                    className={classes.optionButton}
                    title="Show its Grad-CAM"
                    onClick={() => onOption(id)}
                  >
                    {text}
                  </button>
                </th>
                <td>{cell(one)}</td>
                <td>{cell(other)}</td>
                <td>{difference !== null && <Contribution value={difference} scale={scale} />}</td>
              </tr>
            ))}
          </tbody>
        ))}
      </table>
    </div>
  );
}

function OwnGroups({ place, groups }: { place: Place; groups: readonly OwnGroup[] }) {
  if (groups.length === 0) {
    return null;
  }
  const title = `Only on the ${place}, with the present option`;
  return (
    <>
      <h3 className={classes.ownTitle}>{title}</h3>
      <dl className={classes.own}>
        {groups.map(({ key, name, present }) => (
          <div key={key}>
            <dt>{name}</dt>
            <dd>{present}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}
