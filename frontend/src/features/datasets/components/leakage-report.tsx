import type { DatasetDetail } from "../../../shared/api/types";
import { formatCount } from "../../../shared/lib/format";
import { ClusterList } from "./cluster-list";
import classes from "./leakage-report.module.css";

/** Images that stand in a data set more than once: how many, why that matters, and each of them to look at. */
export function LeakageReport({ dataset }: { dataset: DatasetDetail }) {
  const { leakage } = dataset;
  if (!leakage) {
    return (
      <section className={classes.report} aria-labelledby="leakage">
        <h2 id="leakage">The same image more than once</h2>
        <p className={classes.lead}>
          {dataset.kind === "procedural"
            ? "Drawn by a program, each image from its own random numbers: no image has a copy."
            : "There is no report for this data set."}
        </p>
      </section>
    );
  }
  return (
    <section className={classes.report} aria-labelledby="leakage">
      <h2 id="leakage">The same image more than once</h2>
      <Findings leakage={leakage} />
      <WhyItMatters />
      {leakage.clusters > 0 && (
        <ClusterList dataset={dataset} disagreements={leakage.disagreements} />
      )}
    </section>
  );
}

function Findings({ leakage }: { leakage: NonNullable<DatasetDetail["leakage"]> }) {
  const { clusters, images_in_clusters: images, disagreements } = leakage;
  const { published_split_crossings: crossings, leaking } = leakage;
  return (
    <>
      {clusters === 0 ? (
        <p className={classes.lead}>No near-identical images were found.</p>
      ) : (
        <p className={classes.lead}>
          <strong>
            {count(clusters, "group", "groups")} of near-identical images (
            {count(images, "image", "images")})
          </strong>{" "}
          {kept(clusters, leaking)}
        </p>
      )}
      {(clusters > 0 || crossings > 0) && (
        <ul className={classes.findings}>
          {leaking !== null && (
            <li data-tone="warning">
              {count(leaking, "test image has", "test images have")} a near-identical image in
              training: this import was told to ignore that, to measure what it does to a figure. Do
              not publish its figures as they are.
            </li>
          )}
          {clusters > 0 && <Disagreements count={disagreements} />}
          {crossings > 0 && (
            <li data-tone="warning">
              {count(crossings, "group lies", "groups lie")} on both sides of the split that the
              publisher made, by a copy or by another image of the same patient. Figures published
              for that split profit from it. Here what stands on the training side is left out, so
              that the test images stay unseen.
            </li>
          )}
        </ul>
      )}
    </>
  );
}

function kept(clusters: number, leaking: number | null): string {
  if (leaking !== null) {
    return `${clusters === 1 ? "was" : "were"} found and not kept in one split.`;
  }
  return clusters === 1
    ? "was found and kept in one split."
    : "were found and kept in one split each.";
}

function Disagreements({ count: found }: { count: number }) {
  if (found === 0) {
    return <li>In no pair do the two images carry different labels.</li>;
  }
  return (
    <li data-tone="warning">
      {count(found, "pair carries", "pairs carry")} different labels: one picture under two names,
      of which at least one is wrong. Look at {found === 1 ? "it" : "them"} below before you train
      on the set or trust a figure from it.
    </li>
  );
}

function WhyItMatters() {
  return (
    <details className={classes.why} open>
      <summary>Why this matters</summary>
      <p>
        Public data sets often hold one scan several times: saved again under another number, cut
        differently, or with other markings. When images are divided at random, copies fall on both
        sides: a model is then tested on images that it has learned by heart, and the test promises
        more than it will do for the next patient. Researchers call this leakage.
      </p>
      <p>
        Vitrine compares all images (a perceptual hash finds candidates, a closer look at the pixels
        decides) and keeps every group of copies in one split, as it does with images of one
        patient. Similarity is the correlation of their fine detail once one is laid over the other:
        1 is the same picture, copies that were scaled, cut or marked may come down to 0.3.
      </p>
    </details>
  );
}

function count(number: number, one: string, many: string): string {
  return `${formatCount(number)} ${number === 1 ? one : many}`;
}
