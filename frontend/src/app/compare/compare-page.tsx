import { useDocumentTitle } from "@mantine/hooks";
import { useMemo } from "react";
import { useInterventions } from "../../features/interventions/api/list-interventions";
import { usePredictions } from "../../features/predictions/api/list-predictions";
import type { Case } from "../../shared/api/types";
import { Busy } from "../../shared/components/busy";
import { QueryError } from "../../shared/components/query-error";
import { CaseGate } from "../case/case-gate";
import classes from "./compare-page.module.css";
import { Comparison } from "./comparison";
import { NothingToCompare } from "./nothing-to-compare";
import { allSides, firstSides } from "./side";
import { useAddress } from "./use-address";

/** Two predictions or interventions of a case, side by side. */
export function ComparePage() {
  return <CaseGate>{(entry) => <LoadedCase key={entry.id} entry={entry} />}</CaseGate>;
}

function LoadedCase({ entry }: { entry: Case }) {
  useDocumentTitle(`Compare ${entry.pseudonym} · Vitrine`);
  const predictions = usePredictions(entry.id);
  const interventions = useInterventions(entry.id);
  const address = useAddress();
  const sides = useMemo(
    () => allSides(predictions.data ?? [], interventions.data ?? []),
    [predictions.data, interventions.data],
  );

  if (predictions.isPending || interventions.isPending) {
    return <Busy>Loading predictions and interventions</Busy>;
  }
  const failed = [predictions, interventions].find(({ isError, data }) => isError && !data);
  if (failed) {
    return (
      <div className={classes.notice}>
        <QueryError
          title="The predictions and interventions could not be read"
          error={failed.error}
          onRetry={() => void failed.refetch()}
        />
      </div>
    );
  }
  const first = firstSides(sides);
  if (!first) {
    return <NothingToCompare entry={entry} only={sides[0] ?? null} />;
  }
  const named = (name: "left" | "right") =>
    sides.find(({ ref }) => ref === address.params.get(name));
  const left = named("left") ?? first.find((side) => side !== named("right")) ?? first[0];
  const right = named("right") ?? first.findLast((side) => side !== left) ?? first[1];
  const lost = (["left", "right"] as const).filter(
    (name) => address.params.has(name) && !named(name),
  );
  return (
    <Comparison
      entry={entry}
      sides={sides}
      left={left}
      right={right}
      lost={lost}
      address={address}
    />
  );
}
