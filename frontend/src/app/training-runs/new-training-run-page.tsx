import { useDebouncedValue, useDocumentTitle } from "@mantine/hooks";
import { useMemo, useState } from "react";
import { Link, useNavigate, useSearchParams } from "react-router";
import { useConceptSets } from "../../features/concept-sets/api/list-concept-sets";
import { useDatasets } from "../../features/datasets/api/list-datasets";
import { useCreateTrainingRun } from "../../features/training-runs/api/create-training-run";
import { useTrainingEstimate } from "../../features/training-runs/api/estimate-training-run";
import { EstimatePanel } from "../../features/training-runs/components/estimate-panel";
import { RunFormFields } from "../../features/training-runs/components/run-form";
import {
  type Choices,
  findProblems,
  formFrom,
  requestOf,
  resolve,
} from "../../features/training-runs/lib/run-form";
import { useModels } from "../../shared/api/list-models";
import { Busy } from "../../shared/components/busy";
import { QueryError } from "../../shared/components/query-error";
import { Needs } from "../shell/needs";
import page from "../shell/page.module.css";
import { PageBar } from "../shell/page-bar";
import classes from "./new-training-run-page.module.css";
import { RevisionField } from "./revision-field";

export function NewTrainingRunPage() {
  return (
    <Needs permission="training:write" what="New training run">
      <NewRun />
    </Needs>
  );
}

/** What can be chosen comes first: what fits a parent follows from it. */
function NewRun() {
  useDocumentTitle("New training run · Vitrine");
  const models = useModels();
  const conceptSets = useConceptSets();
  const datasets = useDatasets();
  const queries = [models, conceptSets, datasets];
  const failed = queries.find(({ isError }) => isError);
  const trainable = useMemo(
    () => datasets.data?.filter(({ status }) => status === "ready"),
    [datasets.data],
  );
  const loaded = models.data && conceptSets.data && trainable;
  return (
    <div className={page.page}>
      <PageBar title="New training run">
        <Link className={page.count} to="/training">
          All training runs
        </Link>
      </PageBar>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and the keyboard must be able to */}
      <section className={page.content} aria-label="What to train" tabIndex={0}>
        {loaded ? (
          <Filled models={models.data} conceptSets={conceptSets.data} datasets={trainable} />
        ) : failed ? (
          <div className={page.notice}>
            <QueryError
              title="What can be trained could not be read"
              error={failed.error}
              onRetry={() => {
                for (const query of queries) {
                  void query.refetch();
                }
              }}
            />
          </div>
        ) : (
          <Busy>Loading what can be trained</Busy>
        )}
      </section>
    </div>
  );
}

/** So that nothing is asked with every key that is pressed. */
const QUIET_MILLISECONDS = 400;

function Filled(choices: Choices) {
  const [address] = useSearchParams();
  const navigate = useNavigate();
  const [form, setForm] = useState(() => formFrom(address));
  const resolved = resolve(form, choices);
  const problems = findProblems(form, resolved);
  const body = requestOf(form, resolved);
  const text = JSON.stringify(body);
  const [quiet] = useDebouncedValue(text, QUIET_MILLISECONDS);
  const asked = useMemo(() => JSON.parse(quiet) as typeof body, [quiet]);
  const estimate = useTrainingEstimate(asked);
  const create = useCreateTrainingRun();
  const stale = text !== quiet || estimate.isPlaceholderData;
  const current = !stale && asked !== null ? estimate.data : undefined;

  let blocked: string | null = null;
  if (!body) {
    blocked = Object.values(problems)[0] ?? "Something is missing.";
  } else if (current && current.problems.length > 0) {
    blocked = "The estimate says what is in the way.";
  } else if (!current && !estimate.isError) {
    blocked = "Checking what is chosen.";
  }
  return (
    <div className={classes.columns}>
      <RunFormFields
        {...choices}
        form={form}
        resolved={resolved}
        problems={problems}
        estimate={body ? estimate.data : undefined}
        revisionField={
          <RevisionField
            conceptSet={resolved.conceptSet}
            revision={form.revision}
            onChange={(revision) => setForm((old) => ({ ...old, revision }))}
          />
        }
        blocked={blocked}
        pending={create.isPending}
        error={create.error}
        onChange={(changes) => setForm((old) => ({ ...old, ...changes }))}
        onSubmit={() => {
          if (body) {
            create.mutate(body, { onSuccess: ({ id }) => void navigate(`/training/${id}`) });
          }
        }}
      />
      <div className={classes.side}>
        <EstimatePanel
          estimate={estimate}
          asked={body !== null}
          stale={stale}
          hasParent={resolved.parent !== null}
        />
      </div>
    </div>
  );
}
