import { Link, useSearchParams } from "react-router";
import { useDatasets } from "../../features/datasets/api/list-datasets";
import { useModelHead } from "../../features/interventions/api/get-model-head";
import { DesignSummary } from "../../features/reader-studies/components/design-summary";
import { DesignWizard } from "../../features/reader-studies/components/design-wizard";
import { PublishingProgress } from "../../features/reader-studies/components/publishing-progress";
import { useDesignDraft } from "../../features/reader-studies/hooks/use-design-draft";
import { referenceModel } from "../../features/reader-studies/lib/design";
import { stepOf } from "../../features/reader-studies/lib/problems";
import type { ConceptGroupHead, Sources } from "../../features/reader-studies/lib/step-props";
import { useMay } from "../../shared/account/account-context";
import { useModels } from "../../shared/api/list-models";
import type { StudyRead } from "../../shared/api/types";
import { Busy } from "../../shared/components/busy";
import { Notice } from "../../shared/components/notice";
import { QueryError } from "../../shared/components/query-error";
import { PreviewItem } from "./preview-item";
import classes from "./study-page.module.css";

type Known = Pick<Sources, "models" | "datasets">;

/** The design: written while the study is a draft, read afterwards. */
export function DesignTab({ study }: { study: StudyRead }) {
  const models = useModels();
  const datasets = useDatasets();
  const mayWrite = useMay("studies:write") && study.role !== "observer";
  const queries = [models, datasets];
  const failed = queries.find(({ isError }) => isError);
  if (study.status === "publishing") {
    return (
      <div className={classes.padded}>
        <PublishingProgress study={study} />
      </div>
    );
  }
  if (models.data && datasets.data) {
    const known = { models: models.data, datasets: datasets.data };
    return study.status === "draft" && mayWrite ? (
      <Draft study={study} known={known} />
    ) : (
      <Written study={study} known={known} />
    );
  }
  return failed ? (
    <div className={classes.notice}>
      <QueryError
        title="What can be chosen could not be read"
        error={failed.error}
        onRetry={() => {
          for (const query of queries) {
            void query.refetch();
          }
        }}
      />
    </div>
  ) : (
    <Busy>Loading what can be chosen</Busy>
  );
}

const NO_GROUPS: readonly ConceptGroupHead[] = [];

function Draft({ study, known }: { study: StudyRead; known: Known }) {
  const draft = useDesignDraft(study);
  const [address, setAddress] = useSearchParams();
  const head = useModelHead(referenceModel(draft.design.arms));
  const sources: Sources = {
    models: known.models,
    datasets: known.datasets.filter(({ status }) => status === "ready"),
    groups: head.data?.groups ?? NO_GROUPS,
  };
  return (
    <DesignWizard
      study={study}
      draft={draft}
      sources={sources}
      step={stepOf(address.get("step"))}
      onStep={(step) => setAddress({ step })}
      readersLink={
        <Link className={classes.inText} to={`/studies/${study.id}/readers`}>
          Readers
        </Link>
      }
      renderItem={(item) => <PreviewItem key={JSON.stringify(item.content)} item={item} />}
    />
  );
}

function Written({ study, known }: { study: StudyRead; known: Known }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and the keyboard must be able to
    <section className={classes.scroll} aria-label="The design" tabIndex={0}>
      <div className={classes.notice}>
        {study.status === "draft" ? (
          <Notice tone="info" title="To look at">
            The study is a draft. Its owner and coordinators can change it.
          </Notice>
        ) : (
          <Notice tone="info" title="The design is frozen">
            This is what was published. Amendments since then stand under Protocol; a copy to a new
            draft can be changed.
          </Notice>
        )}
      </div>
      <DesignSummary study={study} sources={known} />
    </section>
  );
}
