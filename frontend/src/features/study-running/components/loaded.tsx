import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { ApiError } from "../../../shared/api/api-error";
import { Busy } from "../../../shared/components/busy";
import { QueryError } from "../../../shared/components/query-error";
import classes from "./running.module.css";
import { StillReading } from "./still-reading";

interface LoadedProps<Data> {
  query: UseQueryResult<Data>;
  /** What is read, such as "readers". */
  what: string;
  children: (data: Data) => ReactNode;
}

/** Loading, refused to whoever still reads, failed, or there. */
export function Loaded<Data>({ query, what, children }: LoadedProps<Data>) {
  if (query.isPending) {
    return <Busy>{`Loading the ${what}`}</Busy>;
  }
  if (query.isError) {
    if (query.error instanceof ApiError && query.error.code === "still_reading") {
      return <StillReading what={what} />;
    }
    return (
      <div className={classes.notice}>
        <QueryError
          title={`The ${what} could not be read`}
          error={query.error}
          onRetry={() => void query.refetch()}
        />
      </div>
    );
  }
  return children(query.data);
}
