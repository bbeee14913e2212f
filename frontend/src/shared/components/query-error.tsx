import { Button } from "@mantine/core";
import { messageOf } from "../api/api-error";
import { Notice } from "./notice";

interface QueryErrorProps {
  title: string;
  error: unknown;
  onRetry: () => void;
}

/** What stands where data should be when it could not be read. */
export function QueryError({ title, error, onRetry }: QueryErrorProps) {
  return (
    <Notice
      tone="error"
      title={title}
      live
      actions={
        <Button variant="default" onClick={onRetry}>
          Try again
        </Button>
      }
    >
      {messageOf(error)}
    </Notice>
  );
}
