import { Button } from "@mantine/core";
import { useDocumentTitle } from "@mantine/hooks";
import { IconArrowsDiff, IconSchool } from "@tabler/icons-react";
import { useMemo } from "react";
import { Link } from "react-router";
import { useActivations } from "../../features/models/api/list-activations";
import { ActivationHistory } from "../../features/models/components/activation-history";
import { RollBackButton } from "../../features/models/components/roll-back-button";
import { VersionTable } from "../../features/models/components/version-table";
import {
  byDataset,
  type DatasetVersions,
  rollbackTarget,
} from "../../features/models/lib/versions";
import { useMay } from "../../shared/account/account-context";
import { useModels } from "../../shared/api/list-models";
import type { Activation, ModelVersion } from "../../shared/api/types";
import { Busy } from "../../shared/components/busy";
import { QueryError } from "../../shared/components/query-error";
import { Section } from "../../shared/components/section";
import page from "../shell/page.module.css";
import { PageBar } from "../shell/page-bar";
import classes from "./models-page.module.css";
import { usePromotion } from "./use-promotion";

/** Model versions by data set, which of them is in use, and how that came about. */
export function ModelsPage() {
  useDocumentTitle("Models · Vitrine");
  const models = useModels();
  const seesDatasets = useMay("datasets:read");
  const mayTrain = useMay("training:write");
  return (
    <div className={page.page}>
      <PageBar
        title="Models"
        count={models.data?.length}
        actions={
          <>
            {seesDatasets && (models.data?.length ?? 0) > 1 && (
              <Button
                component={Link}
                to="/models/compare"
                variant="default"
                leftSection={<IconArrowsDiff size={15} aria-hidden />}
              >
                Compare two versions
              </Button>
            )}
            {mayTrain && (
              <Button
                component={Link}
                to="/training/new"
                leftSection={<IconSchool size={15} aria-hidden />}
              >
                Train a version
              </Button>
            )}
          </>
        }
      />
      {models.isPending && <Busy>Loading the models</Busy>}
      {models.isError && (
        <div className={page.notice}>
          <QueryError
            title="The models could not be read"
            error={models.error}
            onRetry={() => void models.refetch()}
          />
        </div>
      )}
      {models.data?.length === 0 && <NoModels />}
      {models.data && models.data.length > 0 && <Versions models={models.data} />}
    </div>
  );
}

function NoModels() {
  return (
    <div className={page.empty}>
      <h2>No model is installed</h2>
      <p>
        Train one with `vitrine train`, or put a checkpoint folder into the folder models of the
        data folder; then start the server again.
      </p>
    </div>
  );
}

function Versions({ models }: { models: readonly ModelVersion[] }) {
  const activations = useActivations();
  const groups = useMemo(() => byDataset(models), [models]);
  const { promote, announce, parts } = usePromotion(models);
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and the keyboard must be able to */}
      <section className={page.content} aria-label="Versions by data set" tabIndex={0}>
        <div className={classes.groups}>
          {activations.isError && (
            <QueryError
              title="The activation history could not be read"
              error={activations.error}
              onRetry={() => void activations.refetch()}
            />
          )}
          {groups.map((group) => (
            <DatasetSection
              key={group.dataset}
              group={group}
              activations={activations.data ?? null}
              onPromote={promote}
              onRolledBack={announce}
            />
          ))}
        </div>
      </section>
      {parts}
    </>
  );
}

interface DatasetSectionProps {
  group: DatasetVersions;
  /** Of all data sets; null: not known (yet). */
  activations: readonly Activation[] | null;
  onPromote: (model: ModelVersion) => void;
  onRolledBack: (activation: Activation) => void;
}

function DatasetSection(props: DatasetSectionProps) {
  const { group, activations, onPromote, onRolledBack } = props;
  const { dataset, versions } = group;
  const active = versions.find((version) => version.active);
  return (
    <Section
      title={dataset}
      hint={
        active
          ? `New predictions of this data set use ${active.name}.`
          : "No version of this data set is active: images of it are explained by the models of others."
      }
      actions={
        active?.can_roll_back && (
          <RollBackButton
            key={active.id}
            modelVersionId={active.id}
            target={rollbackTarget(active, activations ?? [])}
            onDone={onRolledBack}
          />
        )
      }
    >
      <VersionTable dataset={dataset} versions={versions} onPromote={onPromote} />
      {activations && (
        <ActivationHistory
          dataset={dataset}
          activations={activations.filter((entry) => entry.dataset === dataset)}
        />
      )}
    </Section>
  );
}
