import { Button } from "@mantine/core";
import { useDocumentTitle } from "@mantine/hooks";
import { IconArrowLeft } from "@tabler/icons-react";
import { useMemo } from "react";
import { Link, useSearchParams } from "react-router";
import { useComparison } from "../../features/comparisons/api/get-comparison";
import { useDatasets } from "../../features/datasets/api/list-datasets";
import { useMay } from "../../shared/account/account-context";
import { useModels } from "../../shared/api/list-models";
import type { Dataset, ModelVersion } from "../../shared/api/types";
import { Busy } from "../../shared/components/busy";
import { Notice } from "../../shared/components/notice";
import { QueryError } from "../../shared/components/query-error";
import { Needs } from "../shell/needs";
import page from "../shell/page.module.css";
import { ComparisonBar } from "./comparison-bar";
import {
  type Choice,
  choiceOf,
  comparableDatasets,
  problemOf,
  writeChoice,
} from "./comparison-choice";
import { ComparisonContent } from "./comparison-content";
import classes from "./model-page.module.css";
import { usePromotion } from "./use-promotion";

export function CompareModelsPage() {
  return (
    <Needs permission="datasets:read" what="Comparison of models">
      <TwoVersions />
    </Needs>
  );
}

/** Two versions on the same images; what is compared stands in the address, to be kept and sent. */
function TwoVersions() {
  useDocumentTitle("Compare models · Vitrine");
  const models = useModels();
  const datasets = useDatasets();
  return (
    <div className={classes.page}>
      {models.data && datasets.data ? (
        <Loaded models={models.data} datasets={datasets.data} />
      ) : (
        <>
          <Heading />
          {models.isError || datasets.isError ? (
            <div className={page.notice}>
              <QueryError
                title="Models and data sets could not be read"
                error={models.error ?? datasets.error}
                onRetry={() => {
                  void models.refetch();
                  void datasets.refetch();
                }}
              />
            </div>
          ) : (
            <Busy>Loading the models</Busy>
          )}
        </>
      )}
    </div>
  );
}

function Heading({ promote }: { promote?: { name: string; onPromote: () => void } | undefined }) {
  return (
    <div className={classes.bar}>
      <Link to="/models" className={classes.back} aria-label="Back to the models">
        <IconArrowLeft size={16} aria-hidden />
      </Link>
      <h1 className={classes.title}>Compare two versions</h1>
      {promote && (
        <div className={classes.actions}>
          <Button onClick={promote.onPromote}>Promote {promote.name}…</Button>
        </div>
      )}
    </div>
  );
}

interface LoadedProps {
  models: readonly ModelVersion[];
  datasets: readonly Dataset[];
}

function Loaded({ models, datasets }: LoadedProps) {
  const [address, setAddress] = useSearchParams();
  const mayPromote = useMay("models:activate");
  const { promote, parts } = usePromotion(models);
  const choice = useMemo(() => choiceOf(address, models, datasets), [address, models, datasets]);
  const a = models.find(({ id }) => id === choice.a) ?? null;
  const b = models.find(({ id }) => id === choice.b) ?? null;
  const problem = problemOf(choice, a, b);
  const question =
    a && b && choice.dataset && problem === null
      ? { a: a.id, b: b.id, dataset: choice.dataset, split: choice.split }
      : null;
  const comparison = useComparison(question);
  const change = (next: Choice) => setAddress(writeChoice(next), { replace: true });
  const mayBePromoted = mayPromote && b && !b.active && comparison.data?.result;
  return (
    <>
      <Heading
        promote={mayBePromoted ? { name: b.name, onPromote: () => promote(b) } : undefined}
      />
      <ComparisonBar
        models={models}
        datasets={a ? comparableDatasets(a, datasets, choice.dataset) : []}
        choice={choice}
        onChange={change}
      />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and the keyboard must be able to */}
      <section className={page.content} aria-label="Comparison" tabIndex={0}>
        {problem !== null || !question || !a || !b ? (
          <div className={page.notice}>
            <Notice tone="info" title="Nothing to compare yet">
              {problem ?? "Choose two versions and a data set above."}
            </Notice>
          </div>
        ) : (
          <ComparisonContent
            key={`${question.a} ${question.b} ${question.dataset} ${question.split}`}
            comparison={comparison}
            question={question}
            a={a}
            b={b}
            dataset={datasets.find(({ id }) => id === question.dataset) ?? null}
          />
        )}
      </section>
      {parts}
    </>
  );
}
