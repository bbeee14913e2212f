import type { ReactNode } from "react";
import type { Case } from "../../../shared/api/types";
import { formatDateTime } from "../../../shared/lib/format";
import classes from "./case-facts.module.css";

/** What is known of the image itself. */
export function CaseFacts({ entry }: { entry: Case }) {
  return (
    <dl className={classes.facts}>
      <Fact term="File">{entry.filename ?? "not named"}</Fact>
      <Fact term="Format">{entry.source_format.toUpperCase()}</Fact>
      <Fact term="Size">
        {entry.width} × {entry.height} pixels
        {entry.frames > 1 && `, first of ${entry.frames} frames`}
      </Fact>
      <Fact term="Data set">{entry.dataset ?? "own image"}</Fact>
      <Fact term="Origin">{entry.synthetic ? "Synthetic image" : "Uploaded"}</Fact>
      <Fact term="Metadata">
        {entry.deidentified
          ? "dropped from the stored image; text burnt into the pixels stays"
          : "kept as uploaded"}
      </Fact>
      <Fact term="Added">{formatDateTime(entry.created_at)}</Fact>
      <Fact term="SHA-256">
        <code className={classes.hash}>{entry.sha256}</code>
      </Fact>
    </dl>
  );
}

function Fact({ term, children }: { term: string; children: ReactNode }) {
  return (
    <div className={classes.fact}>
      <dt>{term}</dt>
      <dd>{children}</dd>
    </div>
  );
}
