import { Link } from "react-router";
import type { StudySummary } from "../../../shared/api/types";
import table from "../../../shared/components/data-table.module.css";
import { Tag } from "../../../shared/components/tag";
import { formatCount, formatDateTime } from "../../../shared/lib/format";
import { roleWords } from "../lib/words";
import { AnswerProgress } from "./answer-progress";
import { DeleteStudyButton } from "./delete-study-button";
import { StudyStatus } from "./study-status";
import classes from "./study-table.module.css";

interface StudyTableProps {
  studies: readonly StudySummary[];
  onDeleted: () => void;
}

export function StudyTable({ studies, onDeleted }: StudyTableProps) {
  return (
    <table className={`${table.table} ${classes.studies} ${classes.table}`}>
      <caption className="visually-hidden">Reader studies, newest first</caption>
      <thead>
        <tr>
          <th scope="col">Study</th>
          <th scope="col">Status</th>
          <th scope="col">Your role</th>
          <th scope="col" className={classes.number}>
            Images
          </th>
          <th scope="col" className={classes.number}>
            Readers
          </th>
          <th scope="col">Progress</th>
          <th scope="col">Readers’ questions</th>
          <th scope="col">Begun</th>
          <th scope="col">
            <span className="visually-hidden">Actions</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {studies.map((study) => (
          <StudyRow key={study.id} study={study} onDeleted={onDeleted} />
        ))}
      </tbody>
    </table>
  );
}

function StudyRow({ study, onDeleted }: { study: StudySummary; onDeleted: () => void }) {
  const { id, title, status, demonstration, role, owner, open_queries: open } = study;
  return (
    <tr>
      <th scope="row" className={classes.name}>
        <Link className={table.link} to={`/studies/${id}`}>
          {title}
        </Link>{" "}
        {demonstration && <Tag>Demonstration</Tag>}
        <p className={classes.note}>
          {study.protocol_version > 0
            ? `Protocol, version ${study.protocol_version}`
            : "Not published"}
        </p>
      </th>
      <td>
        <StudyStatus status={status} />
      </td>
      <td>
        {roleWords(role)}
        {role !== "owner" && owner && <p className={classes.note}>of {owner.name}</p>}
      </td>
      <td className={classes.number}>{formatCount(study.cases)}</td>
      <td className={classes.number}>{formatCount(study.readers)}</td>
      <td>
        <AnswerProgress study={study} />
      </td>
      <td>
        {open > 0 ? (
          <Link className={table.link} to={`/studies/${id}/questions`}>
            {open} without a reply
          </Link>
        ) : (
          <span className={table.dim}>none open</span>
        )}
      </td>
      <td className={`${table.dim} ${table.line}`}>{formatDateTime(study.created_at)}</td>
      <td className={table.buttons}>
        <DeleteStudyButton study={study} compact onDeleted={onDeleted} />
      </td>
    </tr>
  );
}
