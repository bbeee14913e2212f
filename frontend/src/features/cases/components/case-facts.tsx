import type { ReactNode } from "react";
import type { Case } from "../../../shared/api/types";
import { Fact, Facts } from "../../../shared/components/facts";
import { formatCount, formatDateTime } from "../../../shared/lib/format";
import { bodyPartWords, filenameWords, modalityWords } from "../lib/header-words";
import classes from "./case-facts.module.css";

interface CaseFactsProps {
  entry: Case;
  /** The way to what was taken out of the file. */
  removed?: ReactNode;
}

/** What is known of the image itself. */
export function CaseFacts({ entry, removed }: CaseFactsProps) {
  const isDicom = entry.source_format === "dicom";
  return (
    <div className={classes.facts}>
      <Facts>
        <Fact term="File">{filenameWords(entry)}</Fact>
        <Fact term="Format">{formatName(entry.source_format)}</Fact>
        {isDicom && <Fact term="Modality">{modalityWords(entry.modality)}</Fact>}
        {isDicom && <Fact term="Body part">{bodyPartWords(entry.body_part)}</Fact>}
        <Fact term="Size">
          {entry.width} × {entry.height} pixels
          {entry.frames > 1 &&
            `, ${entry.values_kept ? "" : "first of "}${formatCount(entry.frames)} frames`}
        </Fact>
        <Fact term="Data set">{entry.dataset ?? "own image"}</Fact>
        <Fact term="Origin">{entry.synthetic ? "Synthetic image" : "Uploaded"}</Fact>
        <Fact term="Metadata">
          {entry.deidentified ? "taken out before anything was stored" : "kept as uploaded"}{" "}
          {removed}
        </Fact>
        <Fact term="Text in pixels">{REVIEWS[entry.review]}</Fact>
        <Fact term="Added">{formatDateTime(entry.created_at)}</Fact>
        <Fact term="SHA-256">
          <code className={classes.hash}>{entry.sha256}</code>
        </Fact>
      </Facts>
    </div>
  );
}

const REVIEWS: Record<Case["review"], string> = {
  not_needed: "nobody was asked to look for it",
  waiting: "somebody has to look for it first",
  done: "a person has looked for it",
};

function formatName(format: Case["source_format"]): string {
  return format === "jpeg2000" ? "JPEG 2000" : format.toUpperCase();
}
