import { useDocumentTitle } from "@mantine/hooks";
import { Link } from "react-router";
import { useReadings } from "../../features/readings/api/list-readings";
import { ReadingsTable } from "../../features/readings/components/readings-table";
import { ReminderNotice } from "../../features/readings/components/reminder-notice";
import { useMay } from "../../shared/account/account-context";
import type { ReadingSummary } from "../../shared/api/types";
import { Busy } from "../../shared/components/busy";
import { QueryError } from "../../shared/components/query-error";
import { Needs } from "../shell/needs";
import page from "../shell/page.module.css";
import { PageBar } from "../shell/page-bar";
import classes from "./reading-page.module.css";

/** What one has to read. */
export function ReadingsPage() {
  return (
    <Needs permission="studies:answer" what="Reading">
      <Readings />
    </Needs>
  );
}

function Readings() {
  useDocumentTitle("Reading · Vitrine");
  const readings = useReadings();
  return (
    <div className={page.page}>
      <PageBar title="Reading" count={readings.data?.length} />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and the keyboard must be able to */}
      <section className={page.content} aria-label="Studies to read" tabIndex={0}>
        {readings.isPending && <Busy>Loading what you have to read</Busy>}
        {readings.isError && (
          <div className={page.notice}>
            <QueryError
              title="Your studies could not be loaded"
              error={readings.error}
              onRetry={() => void readings.refetch()}
            />
          </div>
        )}
        {readings.data && <Content readings={readings.data} />}
      </section>
    </div>
  );
}

function Content({ readings }: { readings: readonly ReadingSummary[] }) {
  if (readings.length === 0) {
    return <NothingToRead />;
  }
  return (
    <>
      <div className={classes.notices}>
        {readings.map((reading) => (
          <ReminderNotice key={reading.study_id} reading={reading}>
            <Link className={classes.link} to={`/readings/${reading.study_id}`}>
              Open the study
            </Link>
          </ReminderNotice>
        ))}
      </div>
      <ReadingsTable readings={readings} />
    </>
  );
}

function NothingToRead() {
  const runsStudies = useMay("studies:read");
  return (
    <div className={page.empty}>
      <h2>Nothing to read</h2>
      <p>
        When a coordinator invites you to a reader study, it appears here: what is asked, how far
        you are, and when the next session opens.
      </p>
      {runsStudies && (
        <p>
          Studies that you run stand under <Link to="/studies">Studies</Link>.
        </p>
      )}
    </div>
  );
}
