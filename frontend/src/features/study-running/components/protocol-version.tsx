import type { StudyProtocol, StudyRead } from "../../../shared/api/types";
import table from "../../../shared/components/data-table.module.css";
import { Tag } from "../../../shared/components/tag";
import { formatDateTime } from "../../../shared/lib/format";
import { fieldWords, valueWords } from "../lib/protocol-words";
import { HashLine } from "./hash-line";
import classes from "./running.module.css";

interface ProtocolVersionProps {
  study: StudyRead;
  protocol: StudyProtocol;
  /** The one that holds now. */
  current: boolean;
}

/** One version: who, when, why, its hash, and what it changed. */
export function ProtocolVersion({ study, protocol, current }: ProtocolVersionProps) {
  const { version, hash, reason, author, created_at, changes } = protocol;
  return (
    <li className={classes.version}>
      <h3>
        Version {version} {current && <Tag tone="accent">holds now</Tag>}
        <span className={classes.where}>
          {formatDateTime(created_at)}
          {author && `, ${author.name}`}
        </span>
      </h3>
      <HashLine hash={hash} version={version} />
      {reason && <p className={classes.said}>{reason}</p>}
      {changes.length > 0 && (
        <div className={classes.changes}>
          <Changes study={study} protocol={protocol} />
        </div>
      )}
    </li>
  );
}

function Changes({ study, protocol }: Omit<ProtocolVersionProps, "current">) {
  const { version, changes } = protocol;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls sideways, and the keyboard must be able to
    <section className={table.scroll} aria-label={`Changes of version ${version}`} tabIndex={0}>
      <table className={table.table}>
        <caption className="visually-hidden">Changes of version {version}</caption>
        <thead>
          <tr>
            <th scope="col">Field</th>
            <th scope="col">Before</th>
            <th scope="col">After</th>
          </tr>
        </thead>
        <tbody>
          {changes.map(({ field, before, after }) => (
            <tr key={field}>
              <th scope="row">{fieldWords(field, study.design)}</th>
              <td className={`${table.dim} ${classes.value}`}>{valueWords(before)}</td>
              <td className={classes.value}>{valueWords(after)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
