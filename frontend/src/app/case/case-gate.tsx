import type { ReactNode } from "react";
import { useParams } from "react-router";
import { useCase } from "../../features/cases/api/get-case";
import { ApiError } from "../../shared/api/api-error";
import type { Case } from "../../shared/api/types";
import { Busy } from "../../shared/components/busy";
import { QueryError } from "../../shared/components/query-error";
import { NotFoundPage } from "../shell/not-found-page";
import classes from "./case-page.module.css";

/** The case that the address names, once it is there; else why it is not. */
export function CaseGate({ children }: { children: (entry: Case) => ReactNode }) {
  const { caseId = "" } = useParams();
  const entry = useCase(caseId);
  if (entry.isPending) {
    return <Busy>Loading the case</Busy>;
  }
  if (entry.error instanceof ApiError && [404, 422].includes(entry.error.status)) {
    return <NotFoundPage />;
  }
  // Once the case is there, a server that is away for a moment must not take what is being tried off the screen.
  if (entry.isLoadingError) {
    return (
      <div className={classes.notice}>
        <QueryError
          title="The case could not be read"
          error={entry.error}
          onRetry={() => void entry.refetch()}
        />
      </div>
    );
  }
  return children(entry.data);
}
