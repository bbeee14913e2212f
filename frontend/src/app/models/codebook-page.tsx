import { useDocumentTitle } from "@mantine/hooks";
import { IconArrowLeft } from "@tabler/icons-react";
import { Link, useParams } from "react-router";
import { useModel } from "../../features/models/api/get-model";
import type { ModelVersionDetail } from "../../shared/api/types";
import { Busy } from "../../shared/components/busy";
import { QueryError } from "../../shared/components/query-error";
import { Section } from "../../shared/components/section";
import { Tag } from "../../shared/components/tag";
import { Needs } from "../shell/needs";
import { CodebookDiagnosis } from "./codebook-diagnosis";
import report from "./codebook-report.module.css";
import classes from "./model-page.module.css";
import { RankHistory } from "./rank-history";

export function CodebookPage() {
  return (
    <Needs permission="datasets:read" what="Codebook">
      <CodebookOf />
    </Needs>
  );
}

/** What the codes of a model stand for, as far as a diagnosis measured it. */
function CodebookOf() {
  const { modelVersionId = "" } = useParams();
  const model = useModel(modelVersionId);
  if (model.isPending) {
    return <Busy>Loading the model</Busy>;
  }
  if (model.isError) {
    return (
      <div className={classes.notice}>
        <QueryError
          title="The model could not be read"
          error={model.error}
          onRetry={() => void model.refetch()}
        />
        <p>
          <Link to="/models">All models</Link>
        </p>
      </div>
    );
  }
  return <Codebook key={modelVersionId} model={model.data} />;
}

function Codebook({ model }: { model: ModelVersionDetail }) {
  useDocumentTitle(`Codebook of ${model.name} · Vitrine`);
  return (
    <div className={classes.page}>
      <div className={classes.bar}>
        <Link to={`/models/${model.id}`} className={classes.back} aria-label="Back to the model">
          <IconArrowLeft size={16} aria-hidden />
        </Link>
        <h1 className={classes.title}>Codebook of {model.name}</h1>
        <Tag tone="warning">Auxiliary: not on the path to the prediction</Tag>
        <span className={classes.note}>{model.concept_set.title}</span>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and the keyboard must be able to */}
      <section className={classes.content} aria-label="The codebook" tabIndex={0}>
        <div className={report.report}>
          <p className={report.intro}>
            The codebook is a visual dictionary learned beside the classifier: each patch has a
            nearest code. The index map that shows them is not on the path to the prediction, so
            nothing here says what the model decides by.
          </p>
          <CodebookDiagnosis model={model} />
          <Section
            title="Effective rank while it was trained"
            hint="Of the tokens, mean over a sample, at the end of each epoch. A rank that falls says that tokens become alike."
          >
            <RankHistory model={model} />
          </Section>
        </div>
      </section>
    </div>
  );
}
