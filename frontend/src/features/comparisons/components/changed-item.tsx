import { useState } from "react";
import type { ChangedImage } from "../../../shared/api/types";
import { ShareBar } from "../../../shared/components/share-bar";
import { Tag } from "../../../shared/components/tag";
import { formatPercent, formatSigned } from "../../../shared/lib/format";
import { pictureUrl } from "../api/get-comparison";
import { kindOf } from "../lib/changed";
import type { Comparison } from "../lib/figures";
import classes from "./changed-item.module.css";

const SHOWN_CLASSES = 3;

interface ChangedItemProps {
  entry: ChangedImage;
  comparison: Comparison;
}

/** One image: the picture with both Grad-CAM maps, both lists of probabilities, and the largest contributions. */
export function ChangedItem({ entry, comparison }: ChangedItemProps) {
  const { key, kind, truth, a, b } = entry;
  const names = new Map(comparison.a.classes.map((each) => [each.key, each.name]));
  const nameOf = (classKey: string) => names.get(classKey) ?? classKey;
  const words = kindOf(kind);
  return (
    <article className={classes.item} aria-label={`Image ${key}`}>
      <header className={classes.header}>
        <Tag tone={kind === "broken" ? "warning" : "neutral"} title={words.meaning}>
          {words.name}: {words.meaning}
        </Tag>
        <span className={classes.truth}>
          {truth === null ? "True class not known" : `True class: ${nameOf(truth)}`}
        </span>
        <code className={classes.key}>{key}</code>
      </header>
      <Picture entry={entry} />
      <div className={classes.sides}>
        <Side letter="A" side={a} truth={truth} nameOf={nameOf} />
        <Side letter="B" side={b} truth={truth} nameOf={nameOf} />
      </div>
    </article>
  );
}

function Picture({ entry: { key, path, a, b, tile_size } }: { entry: ChangedImage }) {
  const [missing, setMissing] = useState(false);
  if (missing) {
    return <p className={classes.missing}>The picture could not be read.</p>;
  }
  return (
    <figure className={classes.picture}>
      <img
        src={pictureUrl(path)}
        alt={`${key}, then the same under the Grad-CAM of A (${a.shown_option ?? "none"}) and of B (${b.shown_option ?? "none"})`}
        width={3 * tile_size}
        height={tile_size}
        loading="lazy"
        onError={() => setMissing(true)}
      />
      <figcaption className={classes.captions}>
        <span>Image</span>
        <span>A: {a.shown_option ?? "no map"}</span>
        <span>B: {b.shown_option ?? "no map"}</span>
      </figcaption>
    </figure>
  );
}

interface SideProps {
  letter: "A" | "B";
  side: ChangedImage["a"];
  truth: string | null;
  nameOf: (classKey: string) => string;
}

function Side({ letter, side, truth, nameOf }: SideProps) {
  const probabilities = Object.entries(side.probabilities).sort(([, p], [, q]) => q - p);
  // The true class also where it is far down the list.
  const shown = probabilities.filter(
    ([classKey], place) => place < SHOWN_CLASSES || classKey === truth,
  );
  return (
    <div role="group" aria-label={`${letter} says`}>
      <h3 className={classes.says}>
        <span className={classes.letter}>{letter}</span> {nameOf(side.predicted)}
      </h3>
      <ul className={classes.rows}>
        {shown.map(([classKey, probability]) => (
          <li key={classKey} className={classes.probability}>
            <span className={classes.name} data-truth={classKey === truth}>
              {nameOf(classKey)}
              {classKey === truth && " (true)"}
            </span>
            <ShareBar share={probability} strong={classKey === side.predicted} />
            <span className={classes.value}>{formatPercent(probability)}</span>
          </li>
        ))}
      </ul>
      <p className={classes.heading}>Largest contributions to {nameOf(side.predicted)}</p>
      <ul className={classes.rows}>
        {side.contributions.map(({ option_id, group_key, text, score, contribution }) => (
          <li key={option_id} className={classes.contribution}>
            <span className={classes.name} title={`${group_key}; score ${formatSigned(score)}`}>
              {text}
            </span>
            <span className={classes.value}>{formatSigned(contribution)}</span>
          </li>
        ))}
        {side.contributions.length === 0 && <li className={classes.heading}>none recorded</li>}
      </ul>
    </div>
  );
}
