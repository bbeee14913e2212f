import type { StudyPreview } from "../../../shared/api/types";
import { SHAM_WORDS } from "../lib/words";
import classes from "./preview-dialog.module.css";

/** What the item is made of, and no reader is told. Closed, so that one can look with a reader's eyes first. */
export function HiddenTruth({ preview }: { preview: StudyPreview }) {
  const { truth, content } = preview;
  const right = content.questions
    .flatMap(({ options }) => options)
    .find(({ key }) => key === truth.answer);
  const entries: [string, string | null][] = [
    ["True class", truth.class_key],
    ["Counts as disease", truth.positive === null ? null : truth.positive ? "yes" : "no"],
    ["Right answer", right?.text ?? null],
    ["Map", truth.map_kind === null ? "none" : truth.map_kind === "magnet" ? "Magnet" : "Grad-CAM"],
    ["Sham", truth.sham ? shamName(truth.sham) : null],
    ["The map is of", truth.map_option_id],
  ];
  return (
    <details className={classes.hidden}>
      <summary>What readers are not told</summary>
      <dl>
        {entries.map(
          ([term, words]) =>
            words !== null && (
              <div key={term} style={{ display: "contents" }}>
                <dt>{term}</dt>
                <dd>{words}</dd>
              </div>
            ),
        )}
      </dl>
    </details>
  );
}

const NAMES: Readonly<Record<string, { name: string }>> = SHAM_WORDS;

const shamName = (kind: string) => NAMES[kind]?.name ?? kind;
