import { Button } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { useCopy } from "../../../shared/hooks/use-copy";
import classes from "./running.module.css";

/** A hash to compare with that of an export; it can be selected where copying is not allowed. */
export function HashLine({ hash, version }: { hash: string; version: number }) {
  const { state, copy } = useCopy(() => hash);
  return (
    <div className={classes.hash}>
      <span className={classes.where}>SHA-256</span>
      <code>{hash}</code>
      <Button
        variant="default"
        size="compact-xs"
        aria-label={`Copy the hash of version ${version}`}
        leftSection={state === "copied" ? <IconCheck size={13} /> : <IconCopy size={13} />}
        onClick={() => void copy()}
      >
        {state === "copied" ? "Copied" : "Copy"}
      </Button>
      {state === "failed" && <span role="status">Copying is not allowed here; select it.</span>}
    </div>
  );
}
