import { Button } from "@mantine/core";
import { useMemo, useState } from "react";
import type { StudyProblem } from "../../../shared/api/types";
import { formatCount } from "../../../shared/lib/format";
import { classCounts, refKey } from "../lib/design";
import { samplingWords, withoutCases } from "../lib/sampling";
import type { ImagesStepProps } from "../lib/step-props";
import { classesOf } from "../lib/truth";
import { ChosenImage } from "./chosen-image";
import classes from "./images-step.module.css";
import steps from "./steps.module.css";

const AT_ONCE = 50;
const NOTHING: readonly StudyProblem[] = [];

/** What was chosen, with what is told and what is true of each image. */
export function ChosenImages({ design, edit, problems, sources, known }: ImagesStepProps) {
  const [shown, setShown] = useState(AT_ONCE);
  const { cases } = design;
  // The same as long as nothing changes, so that a list of many images is not drawn with every key.
  const names = useMemo(() => classesOf(design, sources), [design, sources]);
  const wrong = (at: number) => {
    const found = problems.filter(({ field }) => `${field}.`.startsWith(`cases.${at}.`));
    return found.length > 0 ? found : NOTHING;
  };
  const practice = cases.filter((ref) => ref.practice).length;
  return (
    <section className={classes.part} aria-label="Chosen images">
      <div className={steps.head}>
        <h3>Chosen: {formatCount(cases.length)}</h3>
        <span className={steps.hint}>{samplingWords(design)}</span>
        {cases.length > 0 && (
          <div className={steps.end}>
            <Button variant="default" size="compact-xs" onClick={() => edit(withoutCases)}>
              Take all out
            </Button>
          </div>
        )}
      </div>
      {cases.length === 0 ? (
        <p className={steps.hint}>
          Pick images by their thumbnails, or draw them at random. Two or three of them are good for
          practice: they are shown first and left out of the results.
        </p>
      ) : (
        <dl className={classes.counts} aria-label="Images by class">
          {[...classCounts(cases)].map(([key, number]) => (
            <div key={key}>
              <dt>{className(names, key)}</dt>
              <dd>{formatCount(number)}</dd>
            </div>
          ))}
          <div>
            <dt>For practice</dt>
            <dd>{formatCount(practice)}</dd>
          </div>
        </dl>
      )}
      <ol className={classes.list}>
        {cases.slice(0, shown).map((ref, at) => (
          <ChosenImage
            key={refKey(ref)}
            caseRef={ref}
            at={at}
            known={known.find(ref)}
            names={names}
            wrong={wrong(at)}
            edit={edit}
          />
        ))}
      </ol>
      {cases.length > shown && (
        <Button variant="default" onClick={() => setShown(shown + AT_ONCE)}>
          Show {Math.min(AT_ONCE, cases.length - shown)} more of {formatCount(cases.length)}
        </Button>
      )}
    </section>
  );
}

function className(names: readonly { key: string; name: string }[], key: string): string {
  return key === "" ? "Class not known" : (names.find((each) => each.key === key)?.name ?? key);
}
