import type { CSSProperties } from "react";
import type { CodeDiagnosis } from "../../../shared/api/types";
import table from "../../../shared/components/data-table.module.css";
import { formatSigned } from "../../../shared/lib/format";
import { codeName, type GroupNames, probability } from "../lib/codes";
import classes from "./association-table.module.css";

type Association = CodeDiagnosis["associations"][number];

interface AssociationTableProps {
  codes: readonly CodeDiagnosis[];
  /** Keys of the groups, in their order. */
  groups: readonly string[];
  names: GroupNames;
  /** phi from which on a code has a group's name. */
  floor: number;
}

/** Codes down, concept groups across: phi over patches, its p-value, and phi with the group's mask where there is one. */
export function AssociationTable({ codes, groups, names, floor }: AssociationTableProps) {
  const named = codes.filter((code) => codeName(code, names) !== null).length;
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls sideways, and the keyboard must be able to */}
      <section className={table.scroll} aria-label="Codes and concept groups, table" tabIndex={0}>
        <table className={classes.table}>
          <caption className="visually-hidden">Association of codes and concept groups</caption>
          <thead>
            <tr>
              <th scope="col" className={classes.corner}>
                Code ↓, group →
              </th>
              {groups.map((group) => (
                <th key={group} scope="col">
                  {names.get(group) ?? group}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {codes.map((code) => (
              <tr key={code.index}>
                <th scope="row">{code.index}</th>
                {groups.map((group) => (
                  <Cell
                    key={group}
                    association={code.associations.find((entry) => entry.group === group)}
                    names={code.group === group}
                  />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <p className={classes.note}>
        A code has a group&apos;s name only where the largest phi is with that group and reaches{" "}
        {floor}: {named} of {codes.length} do, framed and marked “name”. p: chance of such a phi if
        the maps of one image were laid over those of another.
      </p>
    </>
  );
}

function Cell({ association, names }: { association: Association | undefined; names: boolean }) {
  if (!association) {
    return <td className={classes.cell}>—</td>;
  }
  const { phi, p, mask_phi, mask_p } = association;
  const style = { "--heat": Math.min(1, Math.abs(phi)) } as CSSProperties;
  return (
    <td
      className={classes.cell}
      data-sign={phi < 0 ? "minus" : "plus"}
      data-names={names}
      style={style}
    >
      <span className={classes.phi}>
        {formatSigned(phi)}
        {names && <span className={classes.mark}> name</span>}
      </span>
      <span className={classes.small}>p {probability(p)}</span>
      {mask_phi !== null && (
        <span className={classes.small}>
          mask {formatSigned(mask_phi)}
          {mask_p !== null && `, p ${probability(mask_p)}`}
        </span>
      )}
    </td>
  );
}
