import { ApiError } from "../../../shared/api/api-error";
import type { StudyRead } from "../../../shared/api/types";
import { Busy } from "../../../shared/components/busy";
import { QueryError } from "../../../shared/components/query-error";
import { Section } from "../../../shared/components/section";
import { useStudyResults } from "../api/get-study-results";
import { FormTable } from "./form-table";
import { HiddenResults, NoResultsYet, ReadingYourself } from "./no-results";
import { ReaderSummary } from "./reader-summary";
import classes from "./results.module.css";
import { ResultsHead } from "./results-head";
import { TaskSection } from "./task-section";

/** What was found, as far as one may see it now. */
export function StudyResultsTab({ study }: { study: StudyRead }) {
  if (study.protocol_version === 0) {
    return <NoResultsYet status={study.status} />;
  }
  switch (study.results) {
    case "reading":
      return <ReadingYourself />;
    case "hidden":
      return <HiddenResults study={study} />;
    default:
      return <Visible study={study} />;
  }
}

function Visible({ study }: { study: StudyRead }) {
  const query = useStudyResults(study.id);
  if (query.isPending) {
    return (
      <Busy>
        Computing the results. With many readers the first time takes up to half a minute; after
        that they are there at once, until somebody answers
      </Busy>
    );
  }
  if (query.isError) {
    // What may be seen can have changed since the study was read.
    const code = query.error instanceof ApiError ? query.error.code : null;
    if (code === "still_reading") {
      return <ReadingYourself />;
    }
    if (code === "results_hidden") {
      return <HiddenResults study={study} />;
    }
    return (
      <div className={classes.notice}>
        <QueryError
          title="The results could not be computed"
          error={query.error}
          onRetry={() => void query.refetch()}
        />
      </div>
    );
  }
  const results = query.data;
  return (
    <div className={classes.results}>
      <ResultsHead
        results={results}
        live={study.results === "live"}
        refreshing={query.isFetching}
        onRefresh={() => void query.refetch()}
      />
      {results.table.length > 0 && (
        <Section title="In one table">
          <FormTable results={results} />
        </Section>
      )}
      {results.tasks.map((task) => (
        <TaskSection key={task.task_key} task={task} arms={results.arms} />
      ))}
      <ReaderSummary results={results} />
    </div>
  );
}
