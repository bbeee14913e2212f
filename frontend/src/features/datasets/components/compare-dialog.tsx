import type { Cluster } from "../../../shared/api/types";
import { Dialog } from "../../../shared/components/dialog";
import { datasetImageUrl } from "../api/get-dataset";
import { formatSimilarity } from "../lib/clusters";
import { splitName } from "../lib/counts";
import classes from "./compare-dialog.module.css";

const SIDE = 512;

interface CompareDialogProps {
  datasetId: string;
  /** Null: closed. */
  cluster: Cluster | null;
  nameOf: (label: string) => string;
  onClose: () => void;
}

/** The images of a group as large as they are kept, so that a reader can judge which label is right. */
export function CompareDialog({ datasetId, cluster, nameOf, onClose }: CompareDialogProps) {
  const title = cluster?.disagree
    ? "Near-identical images with different labels"
    : "Near-identical images";
  return (
    <Dialog opened={cluster !== null} onClose={onClose} title={title} width={1160}>
      {cluster && (
        <>
          <ul className={classes.images}>
            {cluster.images.map((image, at) => (
              <li key={image.row} className={classes.image}>
                <img
                  src={datasetImageUrl(datasetId, image.row, SIDE)}
                  alt={`${letter(at)}: ${nameOf(image.label)}, ${image.key}`}
                />
                <span className={classes.label} data-disagree={cluster.disagree}>
                  {letter(at)}: {nameOf(image.label)}
                </span>
                <span className={classes.dim}>
                  {splitName(image.split)} · {image.key}
                </span>
              </li>
            ))}
          </ul>
          <Pairs cluster={cluster} />
        </>
      )}
    </Dialog>
  );
}

function Pairs({ cluster }: { cluster: Cluster }) {
  const letterOf = (row: number) => letter(cluster.images.findIndex((image) => image.row === row));
  return (
    <p className={classes.pairs}>
      Similarity:{" "}
      {cluster.pairs
        .map(
          ({ a, b, similarity }) =>
            `${letterOf(a)} and ${letterOf(b)} ${formatSimilarity(similarity)}`,
        )
        .join(", ")}
    </p>
  );
}

/** A, B … Z, then numbers. */
function letter(at: number): string {
  return at >= 0 && at < 26 ? String.fromCharCode(65 + at) : String(at + 1);
}
