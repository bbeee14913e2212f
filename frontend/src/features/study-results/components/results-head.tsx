import { Button } from "@mantine/core";
import { IconCheck, IconCopy, IconPrinter, IconRefresh } from "@tabler/icons-react";
import type { StudyResults } from "../../../shared/api/types";
import { DownloadLinks } from "../../../shared/components/download-links";
import { Notice } from "../../../shared/components/notice";
import { Tag } from "../../../shared/components/tag";
import { useCopy } from "../../../shared/hooks/use-copy";
import { formatCount, formatDateTime } from "../../../shared/lib/format";
import { dataFiles, reportFiles } from "../lib/downloads";
import classes from "./results.module.css";

interface ResultsHeadProps {
  results: StudyResults;
  /** Readers still answer. */
  live: boolean;
  refreshing: boolean;
  onRefresh: () => void;
}

/** What the figures are of, what one should know before reading them, and the ways to take them away. */
export function ResultsHead({ results, live, refreshing, onRefresh }: ResultsHeadProps) {
  return (
    <header>
      <h2 className={classes.printed}>{results.title}</h2>
      <p className={classes.printed}>Research use only.</p>
      <div className={classes.status}>
        {live ? <Tag tone="warning">live</Tag> : <Tag tone="accent">closed</Tag>}
        <p>
          {live
            ? "Readers are still answering, so every figure may change. Tell no reader what you see here."
            : "Reading has ended."}{" "}
          Computed {formatDateTime(results.computed_at)}.
        </p>
      </div>
      <div className={`${classes.tools} ${classes.screen}`}>
        <DownloadLinks files={reportFiles(results)} />
        <DownloadLinks files={dataFiles(results)} />
        <Button
          variant="default"
          leftSection={<IconPrinter size={14} aria-hidden />}
          onClick={() => window.print()}
        >
          Print
        </Button>
        {live && (
          <Button
            variant="default"
            leftSection={<IconRefresh size={14} aria-hidden />}
            loading={refreshing}
            onClick={onRefresh}
          >
            Compute again
          </Button>
        )}
      </div>
      <Facts results={results} />
      <Notes results={results} />
    </header>
  );
}

function Facts({ results }: { results: StudyResults }) {
  const { answers, expected, readers, arms, amendments, resamples, seed } = results;
  const done = readers.filter(({ status }) => status === "finished").length;
  return (
    <dl className={classes.facts}>
      <div>
        <dt>Answers, second showings included</dt>
        <dd className={classes.big}>
          {formatCount(answers)} of {formatCount(expected)}
        </dd>
      </div>
      <div>
        <dt>Readers</dt>
        <dd>
          <span className={classes.big}>{formatCount(readers.length)}</span>, {formatCount(done)}{" "}
          finished
        </dd>
      </div>
      <div>
        <dt>Arms</dt>
        <dd className={classes.big}>{formatCount(arms.length)}</dd>
      </div>
      <div>
        <dt>Corrections of locked answers</dt>
        <dd>
          {amendments === 0
            ? "none"
            : `${formatCount(amendments)}, in the exports only: figures are of the first answers`}
        </dd>
      </div>
      <div>
        <dt>Bootstrap resamples</dt>
        <dd>
          {formatCount(resamples)}, seed {seed}
        </dd>
      </div>
      <div className={classes.wide}>
        <dt>Protocol, version {results.protocol_version}</dt>
        <dd>
          <Hash hash={results.protocol_hash} />
        </dd>
      </div>
    </dl>
  );
}

function Hash({ hash }: { hash: string }) {
  const { state, copy } = useCopy(() => hash);
  return (
    <>
      <code>{hash}</code>{" "}
      <Button
        className={classes.screen}
        variant="default"
        size="compact-xs"
        aria-label="Copy the protocol’s hash"
        leftSection={state === "copied" ? <IconCheck size={13} /> : <IconCopy size={13} />}
        onClick={() => void copy()}
      >
        {state === "copied" ? "Copied" : "Copy"}
      </Button>
      {state === "failed" && <span role="status"> Copying is not allowed here; select it.</span>}
    </>
  );
}

function Notes({ results: { notes, demonstration } }: { results: StudyResults }) {
  return (
    <div className={classes.notes}>
      {demonstration && (
        <Notice tone="warning" title="A demonstration">
          Images are made by a program, and some readers are simulated. The figures say nothing of
          any model or expert.
        </Notice>
      )}
      {notes.length > 0 && (
        <Notice tone="info" title="Before you read the figures">
          <ul>
            {notes.map((note) => (
              <li key={note}>{note}</li>
            ))}
          </ul>
        </Notice>
      )}
      <p className={classes.key}>
        Figures in brackets are 95&#8239;% intervals. Practice items and withdrawn readers count
        nowhere; second showings of hidden repeats count only in “agreement with themselves”, times,
        and the number of answers above.
      </p>
    </div>
  );
}
