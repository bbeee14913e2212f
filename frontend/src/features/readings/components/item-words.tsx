import type { ItemContent } from "../../../shared/api/types";
import { capitalized, formatPercent } from "../../../shared/lib/format";
import classes from "./item-view.module.css";

/** What is said beside the image: the task, the concept, a suggestion, clinical information. */
export function ItemWords({ content }: { content: ItemContent }) {
  const { task_title, prompt, concept, clinical_information: told } = content;
  return (
    <div className={classes.words}>
      <p className={classes.task}>{task_title}</p>
      {prompt && <h2 className={classes.prompt}>{prompt}</h2>}
      {concept && (
        <section aria-label="Finding" className={classes.told}>
          <h3>{content.map ? "Finding of the highlighted area" : "Finding"}</h3>
          <p className={classes.concept}>
            {capitalized(concept.group)}: <strong>{concept.option}</strong>
          </p>
        </section>
      )}
      <SuggestionBox content={content} />
      {told && (
        <section aria-label="Clinical information" className={classes.told}>
          <h3>Clinical information</h3>
          <p>{told}</p>
        </section>
      )}
    </div>
  );
}

function SuggestionBox({ content: { suggestion } }: { content: ItemContent }) {
  if (!suggestion) {
    return null;
  }
  const { class_name: name, probability, concepts } = suggestion;
  return (
    <section aria-label="What a model suggests" className={classes.told}>
      <h3>A model suggests</h3>
      {name !== null && (
        <p>
          <strong>{name}</strong>
          {probability !== null && ` (${formatPercent(probability)})`}
        </p>
      )}
      {concepts.length > 0 && (
        <table className={classes.seen}>
          <caption className="visually-hidden">What it sees in the image</caption>
          <tbody>
            {concepts.map((seen) => (
              <tr key={seen.group}>
                <th scope="row">{seen.group}</th>
                <td>{seen.option}</td>
                <td className={classes.share}>{formatPercent(seen.probability)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
