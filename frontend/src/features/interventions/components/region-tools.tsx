import { Button, SegmentedControl } from "@mantine/core";
import { ApiError, messageOf } from "../../../shared/api/api-error";
import type { Keep } from "../../../shared/api/types";
import { Notice } from "../../../shared/components/notice";
import { formatPercent } from "../../../shared/lib/format";
import type { RegionScores } from "../hooks/use-outcome";
import type { BenchGroup } from "../lib/bench";
import type { RegionEdit } from "../lib/edits";
import type { Painting, PaintTool, Workbench } from "../lib/workbench";
import classes from "./region-tools.module.css";

interface RegionToolsProps {
  workbench: Workbench;
  group: BenchGroup;
  region: RegionEdit | null;
  regions: RegionScores;
  /** Scores of the whole group are set, whatever they were before. */
  replaced: boolean;
  /** Null while this group's region is not being painted. */
  painting: Painting | null;
  onExplainAgain: () => void;
}

const TOOLS: { value: PaintTool; label: string }[] = [
  { value: "brush", label: "Brush" },
  { value: "erase", label: "Erase" },
  { value: "rectangle", label: "Rectangle" },
];

const KEEPS: { value: Keep; label: string }[] = [
  { value: "inside", label: "Inside" },
  { value: "outside", label: "Outside" },
];

/** Widths of the brush in patches. */
const SIZES = [0, 1, 2, 3].map((radius) => ({ value: String(radius), label: `${2 * radius + 1}` }));

/** Which patches may feed a group. The server recomputes its scores; edits of scores act on top of that. */
export function RegionTools(props: RegionToolsProps) {
  const { workbench, group, region, replaced, painting } = props;
  const keep = region?.keep ?? painting?.keep ?? "inside";
  const [rows, columns] = workbench.bench.grid;
  const count = region?.patches.length ?? 0;
  const attention = props.regions.attentionOf(group.key);
  return (
    <div className={classes.tools} role="group" aria-label={`Region of ${group.name}`}>
      <div className={classes.row}>
        {painting && (
          <>
            <SegmentedControl
              size="xs"
              classNames={{ label: classes.choice }}
              aria-label="Tool"
              value={painting.tool}
              onChange={(tool) => workbench.setPainting({ tool: tool as PaintTool })}
              data={TOOLS}
            />
            <SegmentedControl
              size="xs"
              classNames={{ label: classes.choice }}
              aria-label="Width of the brush in patches"
              value={String(painting.radius)}
              disabled={painting.tool === "rectangle"}
              onChange={(radius) => workbench.setPainting({ radius: Number(radius) })}
              data={SIZES}
            />
          </>
        )}
        <SegmentedControl
          size="xs"
          classNames={{ label: classes.choice }}
          aria-label="Which patches feed the group"
          value={keep}
          onChange={(next) => workbench.setKeep(group.key, next as Keep)}
          data={KEEPS}
        />
        <Button
          size="compact-xs"
          variant="default"
          disabled={!region}
          onClick={() => workbench.setRegion(group.key, keep, [])}
        >
          Clear
        </Button>
        {painting && (
          <Button size="compact-xs" variant="default" onClick={() => workbench.paint(null)}>
            Done
          </Button>
        )}
      </div>
      <p className={classes.text}>
        {count === 0
          ? `Paint on the image: ${keep === "inside" ? "only the patches" : "all patches but those"} that you paint will feed ${group.name}.`
          : `${count} of ${rows * columns} patches painted: only ${keep === "inside" ? "these" : "the others"} feed ${group.name}.`}
        {attention !== null &&
          ` The kept patches hold ${formatPercent(attention)} of its attention.`}
      </p>
      {region && <RegionState {...props} />}
      {region && replaced && (
        <p className={classes.text}>
          Your edit of the whole group replaces what the region changes. Reset the group's scores to
          see it.
        </p>
      )}
    </div>
  );
}

function RegionState({ regions, onExplainAgain }: RegionToolsProps) {
  const { error, outdated, retry } = regions;
  if (error) {
    const missing = error instanceof ApiError && error.code === "tokens_missing";
    return (
      <Notice
        tone="error"
        title={
          missing
            ? "This prediction cannot be recomputed for a region"
            : "The scores could not be recomputed"
        }
        live
        actions={
          <Button variant="default" size="compact-xs" onClick={missing ? onExplainAgain : retry}>
            {missing ? "Explain again" : "Try again"}
          </Button>
        }
      >
        {missing
          ? "It was made by an earlier version of Vitrine, which did not keep the patch tokens that this needs. A new explanation of the image keeps them."
          : messageOf(error)}
      </Notice>
    );
  }
  return (
    <p className={classes.text} role="status">
      {outdated && "Recomputing …"}
    </p>
  );
}
