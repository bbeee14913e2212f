import { useParams, useSearchParams } from "react-router";
import { useConceptSet } from "../../features/concept-sets/api/get-concept-set";
import { useNewestRevision, useRevision } from "../../features/concept-sets/api/get-revision";
import { ApiError } from "../../shared/api/api-error";
import type { ConceptSet } from "../../shared/api/types";
import { Busy } from "../../shared/components/busy";
import { QueryError } from "../../shared/components/query-error";
import { Needs } from "../shell/needs";
import { NotFoundPage } from "../shell/not-found-page";
import page from "../shell/page.module.css";
import { DraftPage } from "./draft-page";
import { OlderRevision } from "./older-revision";

export function ConceptSetPage() {
  return (
    <Needs permission="models:read" what="Concept sets">
      <OneSet />
    </Needs>
  );
}

/** One set: its newest revision as a draft, or an older one to look at. */
function OneSet() {
  const { setId = "" } = useParams();
  const set = useConceptSet(setId);
  if (set.isPending) {
    return <Busy>Loading the concept set</Busy>;
  }
  if (set.isError) {
    return <Failed error={set.error} onRetry={() => void set.refetch()} />;
  }
  return <LoadedSet key={setId} set={set.data} />;
}

function LoadedSet({ set }: { set: ConceptSet }) {
  const [query] = useSearchParams();
  const wanted = query.get("revision");
  const older = wanted !== null && wanted !== set.latest.id ? wanted : null;
  const newest = useNewestRevision(set.latest.id);
  const shown = useRevision(older);
  const failed = newest.isError ? newest : older !== null && shown.isError ? shown : null;
  if (failed) {
    return <Failed error={failed.error} onRetry={() => void failed.refetch()} />;
  }
  if (!newest.data || (older !== null && !shown.data)) {
    return <Busy>Loading the concept set</Busy>;
  }
  return shown.data && older !== null ? (
    <OlderRevision key={older} set={set} revision={shown.data} newest={newest.data} />
  ) : (
    <DraftPage set={set} newest={newest.data} />
  );
}

function Failed({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  return error instanceof ApiError && [404, 422].includes(error.status) ? (
    <NotFoundPage />
  ) : (
    <div className={page.notice}>
      <QueryError title="The concept set could not be read" error={error} onRetry={onRetry} />
    </div>
  );
}
