import { useMemo } from "react";
import { Link } from "react-router";
import { ChangedList } from "../../features/comparisons/components/changed-list";
import { ClassTable } from "../../features/comparisons/components/class-table";
import { ConceptComparison } from "../../features/comparisons/components/concept-comparison";
import { ConfusionMatrix } from "../../features/comparisons/components/confusion-matrix";
import { FigureTable } from "../../features/comparisons/components/figure-table";
import { keyFigures } from "../../features/comparisons/lib/figures";
import { mcnemarSentence, permutationSentence } from "../../features/comparisons/lib/tests";
import type {
  ModelComparisonDetail,
  ModelComparisonResult,
  ModelVersion,
} from "../../shared/api/types";
import table from "../../shared/components/data-table.module.css";
import { LineChart } from "../../shared/components/line-chart";
import { Section } from "../../shared/components/section";
import { Tag } from "../../shared/components/tag";
import { formatCount, formatDateTime, formatNumber } from "../../shared/lib/format";
import classes from "./comparison-report.module.css";

interface ComparisonReportProps {
  comparison: ModelComparisonDetail;
  result: ModelComparisonResult;
  a: ModelVersion;
  b: ModelVersion;
}

/** What came of a comparison: the sentence and its cautions first, then the figures, then the images. */
export function ComparisonReport({ comparison, result, a, b }: ComparisonReportProps) {
  const found = result.comparison;
  return (
    <div className={classes.report}>
      <section className={classes.summary} aria-label="Summary">
        <p className={classes.sentence}>{found.summary}</p>
        <ul className={classes.cautions} aria-label="What the figures do not say">
          {found.cautions.map((caution) => (
            <li key={caution}>{caution}</li>
          ))}
        </ul>
        <p className={classes.facts}>
          <ModelLink letter="A" model={a} /> <ModelLink letter="B" model={b} />
          <span>
            {formatCount(found.data.images)} images of {found.data.name} ({found.data.split}); class
            known of {formatCount(found.data.known)}
          </span>
          {found.data.synthetic && <Tag>Synthetic images</Tag>}
          <span>
            {formatCount(found.settings.resamples)} resamples, seed {found.settings.seed}
          </span>
          {comparison.finished_at && <span>{formatDateTime(comparison.finished_at)}</span>}
          <span>{found.notice}</span>
        </p>
      </section>
      <Section
        title="Key figures"
        hint="B − A with its 95 % interval. A verdict is given where the interval excludes zero and the permutation test, where there is one, agrees."
      >
        <FigureTable caption="Key figures" figures={keyFigures(found)} />
        <p className={classes.test}>{mcnemarSentence(found)}</p>
        <p className={classes.test}>{permutationSentence(found)}</p>
      </Section>
      <Section title="Classes" hint="Each class against the rest, with Wilson's 95 % intervals.">
        <ClassTable comparison={found} />
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls sideways, and the keyboard must be able to */}
        <section className={classes.matrices} aria-label="Confusion matrices" tabIndex={0}>
          <ConfusionMatrix letter="A" model={found.a} />
          <ConfusionMatrix letter="B" model={found.b} />
        </section>
      </Section>
      <Section
        title="Concepts"
        hint={`Balanced accuracy over the options of each group, of those that both have.${found.concepts.from_class ? " No image has concept labels of its own: their truth follows from the class." : ""}`}
      >
        <ConceptComparison comparison={found} />
      </Section>
      <Section
        title="Changed predictions"
        hint="Images that the two say different classes of, with what speaks for either."
      >
        <ChangedList comparison={found} changed={result.changed} />
      </Section>
      <Section
        title="Effective rank while they were trained"
        hint="Of the tokens, mean over a sample, at the end of each epoch. A rank that falls says that tokens become alike."
      >
        <Ranks result={result} a={a.name} b={b.name} />
      </Section>
    </div>
  );
}

function ModelLink({ letter, model }: { letter: "A" | "B"; model: ModelVersion }) {
  return (
    <span>
      {letter}:{" "}
      <Link className={table.link} to={`/models/${model.id}`}>
        {model.name}
      </Link>
      {model.active && " (active)"}
    </span>
  );
}

const oneDecimal = (rank: number) => formatNumber(rank, 1);

function Ranks({ result, a, b }: { result: ModelComparisonResult; a: string; b: string }) {
  const series = useMemo(() => {
    const points = (ranks: ModelComparisonResult["ranks_a"], of: "train" | "validation") =>
      ranks.map((entry) => ({ x: entry.epoch, y: entry[of] }));
    return [
      {
        key: "a-train",
        tone: 0,
        label: `A ${a}, training`,
        points: points(result.ranks_a, "train"),
      },
      {
        key: "a-validation",
        tone: 0,
        label: `A ${a}, validation`,
        points: points(result.ranks_a, "validation"),
        dashed: true,
      },
      {
        key: "b-train",
        tone: 1,
        label: `B ${b}, training`,
        points: points(result.ranks_b, "train"),
      },
      {
        key: "b-validation",
        tone: 1,
        label: `B ${b}, validation`,
        points: points(result.ranks_b, "validation"),
        dashed: true,
      },
    ].filter(({ points: all }) => all.some(({ y }) => y !== null));
  }, [result, a, b]);
  return (
    <div className={classes.chart}>
      <LineChart
        title="Effective rank"
        xLabel="Epoch"
        series={series}
        format={oneDecimal}
        height={220}
        empty="The rank was recorded in the training of neither."
      />
    </div>
  );
}
