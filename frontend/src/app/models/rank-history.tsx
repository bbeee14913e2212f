import { useQueries } from "@tanstack/react-query";
import { useMemo } from "react";
import { modelHistoryOptions, useModelHistory } from "../../features/models/api/get-model-history";
import { ancestorsOf } from "../../features/models/lib/versions";
import { useModels } from "../../shared/api/list-models";
import type { ModelEpoch, ModelVersion } from "../../shared/api/types";
import { Busy } from "../../shared/components/busy";
import { LineChart } from "../../shared/components/line-chart";
import { QueryError } from "../../shared/components/query-error";
import { formatNumber } from "../../shared/lib/format";
import classes from "./codebook-report.module.css";

/** Effective rank by epoch of a model's training, and of those that it was retrained from. */
export function RankHistory({ model }: { model: ModelVersion }) {
  const history = useModelHistory(model.id);
  const models = useModels();
  const ancestors = useMemo(() => ancestorsOf(model, models.data ?? []), [model, models.data]);
  const theirs = useQueries({ queries: ancestors.map(({ id }) => modelHistoryOptions(id)) });
  if (history.isPending) {
    return <Busy>Loading the training history</Busy>;
  }
  if (history.isError) {
    return (
      <QueryError
        title="The training history could not be read"
        error={history.error}
        onRetry={() => void history.refetch()}
      />
    );
  }
  const series = [
    ...linesOf(model, history.data, 0),
    ...ancestors.flatMap((ancestor, at) => linesOf(ancestor, theirs[at]?.data ?? [], at + 1)),
  ];
  return (
    <div className={classes.chart}>
      <LineChart
        title="Effective rank"
        xLabel="Epoch"
        series={series}
        format={oneDecimal}
        height={220}
        empty="No rank was recorded in the training of this version."
      />
    </div>
  );
}

const oneDecimal = (rank: number) => formatNumber(rank, 1);

/** Those of ancestors are dashed; nothing of what was not recorded. */
function linesOf(
  { id, name }: Pick<ModelVersion, "id" | "name">,
  epochs: ModelEpoch[],
  at: number,
) {
  const of = at === 0 ? name : `${name} (ancestor)`;
  return [
    {
      key: `${id}-train`,
      label: `${of}, training`,
      tone: 2 * at,
      dashed: at > 0,
      points: epochs.map(({ epoch, rank_train }) => ({ x: epoch, y: rank_train })),
    },
    {
      key: `${id}-validation`,
      label: `${of}, validation`,
      tone: 2 * at + 1,
      dashed: at > 0,
      points: epochs.map(({ epoch, rank_validation }) => ({ x: epoch, y: rank_validation })),
    },
  ].filter(({ points }) => points.some(({ y }) => y !== null));
}
