import type { Cluster } from "../../../shared/api/types";
import { Tag } from "../../../shared/components/tag";
import { datasetImageUrl } from "../api/get-dataset";
import { labelsOf, similarityWords } from "../lib/clusters";
import { splitName } from "../lib/counts";
import classes from "./cluster-view.module.css";

const SIDE = 256;

interface ClusterViewProps {
  datasetId: string;
  cluster: Cluster;
  /** Name of a class by its key. */
  nameOf: (label: string) => string;
  onEnlarge: () => void;
}

/** One group: the images side by side, what each is called, and how alike they are. */
export function ClusterView({ datasetId, cluster, nameOf, onEnlarge }: ClusterViewProps) {
  const labels = labelsOf(cluster).map(nameOf);
  const splits = [...new Set(cluster.images.map(({ split }) => splitName(split)))];
  const what = `${cluster.images.length} images, ${labels.join(" and ")}`;
  return (
    <article className={classes.cluster} data-disagree={cluster.disagree} aria-label={what}>
      <header className={classes.header}>
        {cluster.disagree ? (
          <Tag tone="warning">labels disagree</Tag>
        ) : (
          <span>{labels.join(", ")}</span>
        )}
        <span className={classes.dim}>
          {similarityWords(cluster)} · {splits.join(", ")}
        </span>
      </header>
      <button
        type="button"
        className={classes.images}
        aria-label={`Enlarge: ${what}`}
        onClick={onEnlarge}
      >
        {cluster.images.map((image) => (
          <span key={image.row} className={classes.image}>
            <img src={datasetImageUrl(datasetId, image.row, SIDE)} alt="" loading="lazy" />
            <span className={classes.label}>{nameOf(image.label)}</span>
            <span className={classes.key}>{image.key}</span>
          </span>
        ))}
      </button>
    </article>
  );
}
