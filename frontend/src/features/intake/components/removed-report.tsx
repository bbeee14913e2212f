import { TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useState } from "react";
import type {
  Case,
  ChangedElement,
  Deidentification,
  DeidentificationRead,
  ReviewedRegion,
} from "../../../shared/api/types";
import table from "../../../shared/components/data-table.module.css";
import { Fact, Facts } from "../../../shared/components/facts";
import { actionWords, matching, privateWords, regionWords } from "../lib/words";
import classes from "./removed-report.module.css";

interface RemovedReportProps {
  entry: Case;
  removed: DeidentificationRead;
}

/** What happened to a file's header and pixels. What stood there is not known here: values are never kept. */
export function RemovedReport({ entry, removed }: RemovedReportProps) {
  const { report, regions, original_kept } = removed;
  return (
    <div className={classes.report}>
      <Facts>
        <Fact term="Profile">{report ? report.profile : beforeWords(entry)}</Fact>
        {report && report.methods.length > 0 && (
          <Fact term="Methods">
            <Methods report={report} />
          </Fact>
        )}
        {report && entry.source_format === "dicom" && (
          <Fact term="Private">{privateWords(report.private_removed)}</Fact>
        )}
        <Fact term="Blacked out">
          <Regions regions={regions} entry={entry} />
        </Fact>
        <Fact term="Original">
          {original_kept
            ? "Kept, encrypted: only this server's operator can read it."
            : "The file as it was uploaded was not kept."}
        </Fact>
      </Facts>
      {report && <Elements elements={report.elements} isDicom={entry.source_format === "dicom"} />}
    </div>
  );
}

function beforeWords({ synthetic }: Case): string {
  return synthetic
    ? "The image was drawn by a program: there was nothing to remove."
    : "The case is from before this was written down. Only the pixels of its file were kept.";
}

function Methods({ report }: { report: Deidentification }) {
  return (
    <ul className={classes.plain}>
      {report.methods.map(({ value, meaning }) => (
        <li key={value}>
          <code>{value}</code> {meaning}
        </li>
      ))}
    </ul>
  );
}

function Regions({ regions, entry }: { regions: readonly ReviewedRegion[]; entry: Case }) {
  if (regions.length === 0) {
    return entry.review === "waiting" ? "Nobody has looked at the pixels yet." : "Nothing.";
  }
  const words = regions.map((region) => regionWords(region, entry.frames));
  return (
    <ul className={classes.plain}>
      {[...new Set(words)].map((each) => (
        <li key={each}>{each}</li>
      ))}
    </ul>
  );
}

function Elements({ elements, isDicom }: { elements: ChangedElement[]; isDicom: boolean }) {
  const [typed, setTyped] = useState("");
  const shown = matching(elements, typed);
  if (elements.length === 0) {
    return (
      <p className={classes.none}>
        {isDicom
          ? "No element of the header had to be changed."
          : "The file held nothing beside its pixels."}
      </p>
    );
  }
  return (
    <section aria-label={isDicom ? "Elements of the header" : "Blocks of the file"}>
      <div className={classes.filter}>
        <TextInput
          type="search"
          aria-label="Filter"
          placeholder={isDicom ? "Tag, name or what happened" : "Name or what happened"}
          leftSection={<IconSearch size={14} />}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        <span className={classes.count} role="status">
          {shown.length} of {elements.length}
        </span>
      </div>
      {shown.length === 0 ? (
        <p className={classes.none}>Nothing matches “{typed.trim()}”.</p>
      ) : (
        <ElementTable elements={shown} isDicom={isDicom} />
      )}
      <p className={classes.none}>What they said is kept nowhere, so it cannot be shown.</p>
    </section>
  );
}

function ElementTable({ elements, isDicom }: { elements: ChangedElement[]; isDicom: boolean }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and the keyboard must be able to
    <section className={classes.scroll} aria-label="What happened to each" tabIndex={0}>
      <table className={table.table}>
        <thead>
          <tr>
            <th scope="col">{isDicom ? "Tag" : "Block"}</th>
            <th scope="col">Name</th>
            <th scope="col">What happened</th>
            <th scope="col">Times</th>
          </tr>
        </thead>
        <tbody>
          {elements.map(({ tag, name, action, occurrences }) => (
            <tr key={`${tag} ${action}`}>
              <td className={table.line}>{isDicom ? <code>{tag}</code> : tag}</td>
              <td>{name}</td>
              <td>{actionWords(action)}</td>
              <td>{occurrences}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
