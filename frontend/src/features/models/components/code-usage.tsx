import type { CodeDiagnosis } from "../../../shared/api/types";
import table from "../../../shared/components/data-table.module.css";
import { ShareBar } from "../../../shared/components/share-bar";
import { formatCount, formatPercent } from "../../../shared/lib/format";
import { codeName, type GroupNames } from "../lib/codes";
import classes from "./code-usage.module.css";

interface CodeUsageProps {
  codes: readonly CodeDiagnosis[];
  images: number;
  names: GroupNames;
  colorOf: (code: number) => string;
}

/** How much of the patches and images each code takes. */
export function CodeUsage({ codes, images, names, colorOf }: CodeUsageProps) {
  const largest = Math.max(...codes.map(({ share }) => share), Number.EPSILON);
  const unused = codes.filter(({ patches }) => patches === 0).length;
  return (
    <>
      <div className={table.scroll}>
        <table className={`${table.table} ${classes.usage}`}>
          <caption className="visually-hidden">Use of the codes</caption>
          <thead>
            <tr>
              <th scope="col">Code</th>
              <th scope="col">Goes with</th>
              <th scope="col" className={classes.number}>
                Patches
              </th>
              <th scope="col" className={classes.number}>
                Share
              </th>
              <th scope="col" className={classes.bar}>
                <span className="visually-hidden">Share drawn</span>
              </th>
              <th scope="col" className={classes.number}>
                Images
              </th>
            </tr>
          </thead>
          <tbody>
            {codes.map((code) => (
              <tr key={code.index}>
                <th scope="row" className={classes.code}>
                  <span
                    className={classes.swatch}
                    style={{ background: colorOf(code.index) }}
                    aria-hidden
                  />
                  {code.index}
                </th>
                <td>
                  {codeName(code, names) ?? (
                    <span className={table.dim}>no group: phi below the floor</span>
                  )}
                  {masksDisagree(code) && (
                    <span className={table.dim}> · the masks say otherwise, see below</span>
                  )}
                </td>
                <td className={classes.number}>{formatCount(code.patches)}</td>
                <td className={classes.number}>
                  {code.patches === 0 ? "unused" : formatPercent(code.share)}
                </td>
                <td className={classes.bar}>
                  <ShareBar share={code.share / largest} />
                </td>
                <td className={classes.number}>
                  {formatCount(code.images)} of {formatCount(images)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className={classes.note}>
        {unused === 0
          ? `All ${codes.length} codes are used.`
          : `${unused} of ${codes.length} codes ${unused === 1 ? "is" : "are"} not used on these images.`}
      </p>
    </>
  );
}

/** Whether the patches of the code lie outside the masks of the very group that it goes with. */
function masksDisagree({ group, associations }: CodeDiagnosis): boolean {
  const own = associations.find((each) => each.group === group);
  return own !== undefined && own.mask_phi !== null && own.mask_phi < 0;
}
