import { Button } from "@mantine/core";
import { useDocumentTitle } from "@mantine/hooks";
import { Link, useNavigate, useParams } from "react-router";
import { useReading } from "../../features/readings/api/get-reading";
import { BeginForm } from "../../features/readings/components/begin-form";
import { KeyList } from "../../features/readings/components/key-list";
import { OwnAnswers } from "../../features/readings/components/own-answers";
import { OwnQueries } from "../../features/readings/components/own-queries";
import { ReminderNotice } from "../../features/readings/components/reminder-notice";
import { SessionTable } from "../../features/readings/components/session-table";
import { StudyWords } from "../../features/readings/components/study-words";
import { IMAGE_SHORTCUTS, READING_SHORTCUTS } from "../../features/readings/lib/shortcuts";
import { statusWords } from "../../features/readings/lib/words";
import type { ReadingRead } from "../../shared/api/types";
import { Busy } from "../../shared/components/busy";
import { Notice } from "../../shared/components/notice";
import { QueryError } from "../../shared/components/query-error";
import { Section } from "../../shared/components/section";
import { formatCount, formatDateTime } from "../../shared/lib/format";
import { Needs } from "../shell/needs";
import page from "../shell/page.module.css";
import { PageBar } from "../shell/page-bar";
import classes from "./reading-page.module.css";

/** A study as one of its readers sees it: instructions, progress, own answers and questions. */
export function ReadingPage() {
  return (
    <Needs permission="studies:answer" what="Reading">
      <Gate />
    </Needs>
  );
}

function Gate() {
  const { studyId = "" } = useParams();
  const reading = useReading(studyId);
  useDocumentTitle("Reading · Vitrine");
  if (reading.data) {
    return <Study reading={reading.data} />;
  }
  return (
    <div className={page.page}>
      <PageBar title="Reading" />
      {reading.isPending ? (
        <Busy>Loading the study</Busy>
      ) : (
        <div className={page.notice}>
          <QueryError
            title="This study could not be loaded"
            error={reading.error}
            onRetry={() => void reading.refetch()}
          />
          <p>
            <Link to="/readings">What you have to read</Link>
          </p>
        </div>
      )}
    </div>
  );
}

function Study({ reading }: { reading: ReadingRead }) {
  const begun = reading.status !== "invited";
  return (
    <div className={page.page}>
      <PageBar title={reading.title} count={statusWords(reading)} />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and the keyboard must be able to */}
      <section className={page.content} aria-label="The study" tabIndex={0}>
        <div className={classes.content}>
          <div className={classes.notices}>
            <ReminderNotice reading={reading} />
            <Standing reading={reading} />
          </div>
          <Section title="Before you read">
            <StudyWords reading={reading} />
          </Section>
          {!begun && <Begin reading={reading} />}
          {reading.sessions.length > 0 && (
            <Section title="Progress">
              <SessionTable sessions={reading.sessions} />
            </Section>
          )}
          {begun && <OwnAnswers reading={reading} />}
          <OwnQueries reading={reading} />
          <Section title="Keys" hint="In the reading room, ? shows them again.">
            <div className={classes.keys}>
              <KeyList title="Answering" shortcuts={READING_SHORTCUTS} />
              <KeyList title="Image" shortcuts={IMAGE_SHORTCUTS} />
            </div>
          </Section>
        </div>
      </section>
    </div>
  );
}

/** What is to be done now. */
function Standing({ reading }: { reading: ReadingRead }) {
  const navigate = useNavigate();
  const { status, opens_at: opensAt, done, total, study_id: id } = reading;
  switch (status) {
    case "invited":
      return (
        <Notice tone="info" title={`You are invited to read ${formatCount(total)} items`}>
          Read the instructions and begin below. {practiceWords(reading.practice)} You may stop at
          any time and go on later, on this or another computer.
        </Notice>
      );
    case "reading":
      return (
        <Notice
          tone="info"
          title={`${formatCount(done)} of ${formatCount(total)} items read`}
          actions={
            <Button size="compact-sm" onClick={() => void navigate(`/readings/${id}/read`)}>
              Go on reading
            </Button>
          }
        >
          The reading room fills the whole window and shows one item after the other.
        </Notice>
      );
    case "washout":
      return (
        <Notice
          tone="info"
          title={opensAt ? `The next session opens on ${formatDateTime(opensAt)}` : "Session done"}
        >
          {formatCount(done)} of {formatCount(total)} items read. The time between sessions is part
          of the study's design.
        </Notice>
      );
    case "finished":
      return (
        <Notice tone="info" title="Thank you. You have read every item">
          Your answers are locked. Nothing is left to do.
        </Notice>
      );
    case "closed":
      return (
        <Notice tone="warning" title="The study is closed for you">
          It takes no more answers. What you answered until then is kept.
        </Notice>
      );
  }
}

function practiceWords(practice: number): string {
  if (practice === 0) {
    return "";
  }
  return practice === 1
    ? "The first item is practice and does not count."
    : `The first ${practice} items are practice and do not count.`;
}

function Begin({ reading }: { reading: ReadingRead }) {
  const navigate = useNavigate();
  return (
    <Section title="Begin">
      <BeginForm
        reading={reading}
        onBegun={() => void navigate(`/readings/${reading.study_id}/read`)}
      />
    </Section>
  );
}
