import { Button } from "@mantine/core";
import type { ReactNode } from "react";
import { useMay } from "../../../shared/account/account-context";
import type { Dataset } from "../../../shared/api/types";
import { Notice } from "../../../shared/components/notice";
import classes from "./import-failure.module.css";

interface ImportFailureProps {
  dataset: Dataset;
  onRetry: () => void;
  /** Further buttons. */
  actions?: ReactNode;
}

/** Why there is no data set: the server's words in full, and what can be done. */
export function ImportFailure({ dataset, onRetry, actions }: ImportFailureProps) {
  const may = useMay("datasets:write");
  const cancelled = dataset.status === "cancelled";
  return (
    <Notice
      tone={cancelled ? "warning" : "error"}
      title={cancelled ? "This import was cancelled" : "This import failed"}
      live
      actions={
        may && (
          <>
            <Button variant="default" onClick={onRetry}>
              Try again …
            </Button>
            {actions}
          </>
        )
      }
    >
      {dataset.error && <p className={classes.message}>{dataset.error}</p>}
      <p className={classes.message}>
        Nothing of it was kept, and the files it read are as they were.{" "}
        {cancelled
          ? "Try again begins anew with the same settings."
          : "Put right what is named above, then try again: the settings stay as they were."}
      </p>
      {dataset.source && <p className={classes.source}>Read from {dataset.source}</p>}
    </Notice>
  );
}
