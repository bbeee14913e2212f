import type { StudyResults } from "../../../shared/api/types";
import { Section } from "../../../shared/components/section";
import { Tag } from "../../../shared/components/tag";
import { formatCount } from "../../../shared/lib/format";
import { FigureTable } from "./figure-table";
import classes from "./figures.module.css";

/** Who rated, by code, and what they were shown under which arm. */
export function ReaderSummary({ results }: { results: StudyResults }) {
  const { readers, arms } = results;
  return (
    <Section title="Readers and arms">
      {readers.length === 0 ? (
        <p className={classes.hint}>Nobody was invited to read.</p>
      ) : (
        <FigureTable
          caption="Readers"
          columns={[
            { title: "Code" },
            { title: "Profession" },
            { title: "Years", number: true },
            { title: "Status" },
            { title: "Answers", number: true },
          ]}
        >
          {readers.map(({ code, simulated, profession, years, status, answers, expected }) => (
            <tr key={code}>
              <th scope="row">
                {code} {simulated && <Tag tone="warning">simulated</Tag>}
              </th>
              <td>{profession || "not told"}</td>
              <td className={classes.number}>{years ?? "not told"}</td>
              <td>{status}</td>
              <td className={classes.number}>
                {formatCount(answers)} of {formatCount(expected)}
              </td>
            </tr>
          ))}
        </FigureTable>
      )}
      <FigureTable
        caption="Arms"
        columns={[{ title: "Arm" }, { title: "Model" }, { title: "Map" }]}
      >
        {arms.map(({ key, name, sham, model, map }) => (
          <tr key={key}>
            <th scope="row">
              {name} {sham && <Tag tone="warning">sham</Tag>}
            </th>
            <td>{model ?? "none: the image alone"}</td>
            <td>{map ?? "none"}</td>
          </tr>
        ))}
      </FigureTable>
    </Section>
  );
}
