import { Button, Select, Tooltip } from "@mantine/core";
import { IconInfoCircle } from "@tabler/icons-react";
import { useState } from "react";
import type {
  Counterfactual,
  CounterfactualCreate,
  Counterfactuals,
} from "../../../shared/api/types";
import { Busy } from "../../../shared/components/busy";
import { QueryError } from "../../../shared/components/query-error";
import { Tag } from "../../../shared/components/tag";
import { formatPercent } from "../../../shared/lib/format";
import { useCounterfactuals } from "../api/find-counterfactuals";
import { type Edits, fromWire, isEmpty, toWire } from "../lib/edits";
import { className, editWords } from "../lib/words";
import type { Workbench } from "../lib/workbench";
import classes from "./advice.module.css";

interface CounterfactualSearchProps {
  workbench: Workbench;
  edits: Edits;
  /** Index of the class that is decided now. */
  predicted: number;
}

const LIMITS =
  "Only realistic changes are tried: one option per group becomes the present one, with scores that validation has seen. " +
  "Up to three groups every combination is tried, so that none smaller exists; beyond that, one group after the other " +
  "is added, and a smaller set may exist. What would change the model's decision need not be true of the patient.";

const RESULTS = 8;

/** The smallest sets of option changes that lead to a class. */
export function CounterfactualSearch({ workbench, edits, predicted }: CounterfactualSearchProps) {
  const { bench } = workbench;
  const other = bench.classes.findIndex((_, at) => at !== predicted);
  const [wanted, setWanted] = useState<string | null>(null);
  const [question, setQuestion] = useState<CounterfactualCreate | null>(null);
  const found = useCounterfactuals(bench.predictionId, question);
  const chosen = wanted ?? question?.wanted_class ?? bench.classes[other]?.key ?? null;
  const moved = question && JSON.stringify(question.edits) !== JSON.stringify(toWire(edits));
  return (
    <section className={classes.section} aria-labelledby="what-would-change-it">
      <h2 className={classes.title} id="what-would-change-it">
        What would change it?
        <Limits text={LIMITS} />
      </h2>
      <div className={classes.row}>
        <Select
          aria-label="Wanted class"
          className={classes.select}
          data={bench.classes.map(({ key, name }) => ({ value: key, label: name }))}
          value={chosen}
          allowDeselect={false}
          onChange={setWanted}
        />
        <Button
          variant="default"
          disabled={!chosen}
          onClick={() =>
            chosen && setQuestion({ wanted_class: chosen, edits: toWire(edits), limit: RESULTS })
          }
        >
          Search
        </Button>
        {!isEmpty(edits) && <span className={classes.dim}>Begins with your edits.</span>}
      </div>
      {question && found.isPending && <Busy>Searching</Busy>}
      {found.isError && (
        <QueryError
          title="The search failed"
          error={found.error}
          onRetry={() => void found.refetch()}
        />
      )}
      {found.data && (
        <>
          {moved && (
            <p className={classes.dim}>
              These belong to the edits as they were. Search again for those on screen.
            </p>
          )}
          <Results workbench={workbench} found={found.data} />
        </>
      )}
    </section>
  );
}

function Results({ workbench, found }: { workbench: Workbench; found: Counterfactuals }) {
  const { head } = workbench.bench;
  const name = className(head, found.wanted_class);
  if (found.already_predicted) {
    return <p className={classes.text}>{name} is the decision already.</p>;
  }
  if (!found.reachable || found.results.length === 0) {
    return (
      <p className={classes.text}>
        No realistic set of option changes that leads to {name} was found: none of up to{" "}
        {found.exact_groups} groups, and none by adding the best change of one group after the
        other.
      </p>
    );
  }
  return (
    <ol className={classes.list} aria-label={`Changes that lead to ${name}`}>
      {found.results.map((result) => (
        <Result key={JSON.stringify(result.edits)} workbench={workbench} result={result} />
      ))}
    </ol>
  );
}

function Result({ workbench, result }: { workbench: Workbench; result: Counterfactual }) {
  const { head } = workbench.bench;
  const words = result.edits.map((edit) => editWords(edit, head));
  return (
    <li className={classes.result}>
      <span className={classes.words}>{words.join(" · ")}</span>
      <Tag
        title={
          result.exact
            ? "Every smaller set of changes was tried"
            : "Found by adding one change after the other: a smaller set may exist"
        }
      >
        {result.exact ? "exact" : "greedy"}
      </Tag>
      <span className={classes.figure}>
        {className(head, result.predicted_class)} {formatPercent(result.probability)}
      </span>
      <Button
        size="compact-xs"
        variant="default"
        aria-label={`Apply: ${words.join(", ")}`}
        onClick={() => workbench.addAll(fromWire(result.edits).edits.scores)}
      >
        Apply
      </Button>
    </li>
  );
}

/** What a search or a figure cannot do, at a mark that the keyboard reaches too. */
export function Limits({ text }: { text: string }) {
  return (
    <Tooltip label={text} events={{ hover: true, focus: true, touch: true }}>
      <button type="button" className={classes.limits} aria-label={`Limits: ${text}`}>
        <IconInfoCircle size={14} aria-hidden />
      </button>
    </Tooltip>
  );
}
