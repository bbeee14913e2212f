import type { DatasetDetail } from "../../../shared/api/types";
import { Fact, Facts } from "../../../shared/components/facts";
import { formatCount, formatDateTime } from "../../../shared/lib/format";

/** What the data set is, where it came from and under which terms. Addresses are text: nothing is fetched. */
export function DatasetFacts({ dataset }: { dataset: DatasetDetail }) {
  const { card } = dataset;
  return (
    <Facts>
      <Fact term="Images">
        {dataset.images === null ? "made as needed" : formatCount(dataset.images)}
      </Fact>
      <Fact term="Modality">{dataset.modality}</Fact>
      <Fact term="Concept set">{dataset.concept_set ?? "none"}</Fact>
      {!dataset.counts && (
        <Fact term="Classes">{dataset.classes.map(({ name }) => name).join(", ")}</Fact>
      )}
      {dataset.adapter && <Fact term="Read as">{dataset.adapter}</Fact>}
      {dataset.source && <Fact term="Read from">{dataset.source}</Fact>}
      {dataset.created_at && <Fact term="Imported">{formatDateTime(dataset.created_at)}</Fact>}
      {card?.licence && <Fact term="Licence">{card.licence}</Fact>}
      {card?.homepage && <Fact term="Homepage">{card.homepage}</Fact>}
      {card?.citation && <Fact term="Cite">{card.citation}</Fact>}
    </Facts>
  );
}
