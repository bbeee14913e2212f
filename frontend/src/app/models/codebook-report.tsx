import { SegmentedControl } from "@mantine/core";
import { useCallback, useMemo, useState } from "react";
import { sheetUrl } from "../../features/diagnoses/api/get-diagnosis";
import { type EmbeddingMethod, useEmbedding } from "../../features/diagnoses/api/get-embedding";
import { useModelHead } from "../../features/interventions/api/get-model-head";
import { AssociationTable } from "../../features/models/components/association-table";
import { CodeUsage } from "../../features/models/components/code-usage";
import { CropWall } from "../../features/models/components/crop-wall";
import { EmbeddingCloud } from "../../features/models/components/embedding-cloud";
import { codeName, type GroupNames } from "../../features/models/lib/codes";
import type { DiagnosisResult, ModelVersion } from "../../shared/api/types";
import { Busy } from "../../shared/components/busy";
import { QueryError } from "../../shared/components/query-error";
import { Section } from "../../shared/components/section";
import { codeColor, cssColor } from "../../shared/imaging/colormap";

interface CodebookReportProps {
  diagnosisId: string;
  model: ModelVersion;
  result: DiagnosisResult;
}

/** As the viewer draws them, so that a code has one colour everywhere. */
const colorOf = (code: number) => cssColor(codeColor(code));

/** Use, associations, crops and the cloud of a codebook. */
export function CodebookReport({ diagnosisId, model, result }: CodebookReportProps) {
  const head = useModelHead(model.id);
  const names: GroupNames = useMemo(
    () => new Map(head.data?.groups.map(({ key, name }) => [key, name])),
    [head.data],
  );
  const { codes, groups, grid, code_sheets, images, settings } = result;
  return (
    <>
      <Section
        title="Use"
        hint={`Patches whose nearest code it is, over ${images} images of ${result.dataset}.`}
      >
        <CodeUsage codes={codes} images={images} names={names} colorOf={colorOf} />
      </Section>
      <Section
        title="Codes and concept groups"
        hint="phi: how a code goes with the patches where the Magnet gives a group more than its even share (1: the same patches, 0: none in common beyond chance)."
      >
        <AssociationTable
          codes={codes}
          groups={groups.map(({ key }) => key)}
          names={names}
          floor={settings.association_floor}
        />
      </Section>
      <Section
        title="Nearest patches"
        hint="The nearest first, at most one of an image, with the distance. The patch is outlined; choose one to enlarge it."
      >
        <CropWall
          codes={codes}
          sheets={code_sheets}
          names={names}
          grid={grid}
          colorOf={colorOf}
          addressOf={sheetUrl}
        />
      </Section>
      <Cloud diagnosisId={diagnosisId} result={result} names={names} />
    </>
  );
}

const METHODS: readonly { value: EmbeddingMethod; label: string }[] = [
  { value: "umap", label: "UMAP" },
  { value: "pca", label: "Principal axes" },
];

interface CloudProps {
  diagnosisId: string;
  result: DiagnosisResult;
  names: GroupNames;
}

function Cloud({ diagnosisId, result, names }: CloudProps) {
  const made = METHODS.filter(({ value }) => result.embeddings.includes(value));
  const [method, setMethod] = useState<EmbeddingMethod>(made[0]?.value ?? "pca");
  const embedding = useEmbedding(diagnosisId, method);
  const nameOf = useCallback(
    (index: number) => {
      const code = result.codes.find((entry) => entry.index === index);
      return code ? codeName(code, names) : null;
    },
    [result.codes, names],
  );
  return (
    <Section
      title="Tokens in three dimensions"
      hint="A sample of the patches' tokens, in the colour of their nearest code; the codes are the numbered diamonds."
      actions={
        made.length > 1 && (
          <SegmentedControl
            size="xs"
            aria-label="How they are placed"
            data={[...made]}
            value={method}
            onChange={(value) => setMethod(value as EmbeddingMethod)}
          />
        )
      }
    >
      {embedding.isPending && <Busy>Loading the tokens</Busy>}
      {embedding.isError && (
        <QueryError
          title="The tokens could not be read"
          error={embedding.error}
          onRetry={() => void embedding.refetch()}
        />
      )}
      {embedding.data && (
        <EmbeddingCloud
          key={embedding.data.method}
          embedding={embedding.data}
          grid={result.grid}
          colorOf={colorOf}
          nameOf={nameOf}
        />
      )}
    </Section>
  );
}
