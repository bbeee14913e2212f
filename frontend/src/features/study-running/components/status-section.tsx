import { Button } from "@mantine/core";
import { useState } from "react";
import type { StudyRead } from "../../../shared/api/types";
import { Section } from "../../../shared/components/section";
import { formatCount, formatDateTime } from "../../../shared/lib/format";
import { useCloseStudy } from "../api/close-study";
import { useReopenStudy } from "../api/reopen-study";
import { ReasonDialog } from "./reason-dialog";
import classes from "./running.module.css";

interface StatusSectionProps {
  study: StudyRead;
  mayRun: boolean;
}

/** Whether readers can go on, and the way to change it. */
export function StatusSection({ study, mayRun }: StatusSectionProps) {
  const [opened, setOpened] = useState(false);
  const close = () => setOpened(false);
  const { status } = study;
  const button = status === "open" ? "Close the study …" : "Reopen the study …";
  const changes = mayRun && (status === "open" || status === "closed");
  return (
    <Section
      title="Reading"
      actions={
        changes && (
          <Button variant="default" onClick={() => setOpened(true)}>
            {button}
          </Button>
        )
      }
    >
      <p className={classes.text}>{statusWords(study)}</p>
      {opened && status === "open" && <CloseDialog study={study} onClose={close} />}
      {opened && status === "closed" && <ReopenDialog study={study} onClose={close} />}
    </Section>
  );
}

function statusWords({ status, answered, expected, closed_at }: StudyRead): string {
  const answers = `${formatCount(answered)} of ${formatCount(expected)} answers are there.`;
  switch (status) {
    case "draft":
      return "The study is a draft. Readers can be invited now; they begin once it is published.";
    case "publishing":
      return "What readers will see is being prepared; then the study opens.";
    case "open":
      return `The study is open. ${answers} Closing ends reading, and shows the results to all members.`;
    case "closed":
      return `The study was closed${closed_at ? ` ${formatDateTime(closed_at)}` : ""}. ${answers} Nobody can answer any more.`;
  }
}

interface SheetProps {
  study: StudyRead;
  onClose: () => void;
}

function CloseDialog({ study, onClose }: SheetProps) {
  const change = useCloseStudy(study.id);
  const missing = study.expected - study.answered;
  return (
    <ReasonDialog
      title="Close the study?"
      confirm="Close the study"
      failed="Not closed"
      pending={change.isPending}
      error={change.error}
      onConfirm={(reason) => change.mutate(reason, { onSuccess: onClose })}
      onClose={onClose}
    >
      Readers cannot answer any more, and all members see the results.{" "}
      {missing > 0
        ? `${formatCount(missing)} answers are still missing. `
        : "All answers are there. "}
      It can be reopened, but whoever has seen the results by then knows them.
    </ReasonDialog>
  );
}

function ReopenDialog({ study, onClose }: SheetProps) {
  const change = useReopenStudy(study.id);
  return (
    <ReasonDialog
      title="Reopen the study?"
      confirm="Reopen the study"
      failed="Not reopened"
      harmless
      pending={change.isPending}
      error={change.error}
      onConfirm={(reason) => change.mutate(reason, { onSuccess: onClose })}
      onClose={onClose}
    >
      Readers who are not done can go on, and results are hidden again as the protocol says. That it
      was closed in between stands in the audit trail; mention it when you report the study.
    </ReasonDialog>
  );
}
