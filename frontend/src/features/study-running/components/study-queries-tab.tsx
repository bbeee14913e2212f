import type { StudyQuery, StudyRead } from "../../../shared/api/types";
import { Tag } from "../../../shared/components/tag";
import { formatCount, formatDateTime } from "../../../shared/lib/format";
import { useStudyQueries } from "../api/list-study-queries";
import { useMayRun } from "../lib/may-run";
import { Loaded } from "./loaded";
import { ReplyForm } from "./reply-form";
import classes from "./running.module.css";

/** What readers ask about items, and the replies that they see where they read. */
export function StudyQueriesTab({ study }: { study: StudyRead }) {
  const queries = useStudyQueries(study.id);
  const mayReply = useMayRun(study);
  return (
    <div className={classes.tab}>
      <Loaded query={queries} what="questions">
        {(items) => <Questions study={study} items={items} mayReply={mayReply} />}
      </Loaded>
    </div>
  );
}

interface QuestionsProps {
  study: StudyRead;
  items: readonly StudyQuery[];
  mayReply: boolean;
}

function Questions({ study, items, mayReply }: QuestionsProps) {
  if (items.length === 0) {
    return (
      <p className={classes.notice}>
        No questions yet. Readers can ask one about every item while they read.
      </p>
    );
  }
  const open = items.filter(({ reply }) => reply === null).length;
  return (
    <>
      <p className={classes.notice} role="status">
        {open === 0 ? "All questions have a reply." : `${formatCount(open)} without a reply.`}
      </p>
      <ul className={classes.questions}>
        {items.map((query) => (
          <Question key={query.id} study={study} query={query} mayReply={mayReply} />
        ))}
      </ul>
    </>
  );
}

interface QuestionProps {
  study: StudyRead;
  query: StudyQuery;
  mayReply: boolean;
}

function Question({ study, query, mayReply }: QuestionProps) {
  const { reply, replied_by, replied_at } = query;
  return (
    <li className={classes.question} data-open={reply === null}>
      <header>
        <h2>
          {query.reader_code}, {query.reader_name}
        </h2>
        {reply === null && <Tag tone="accent">open</Tag>}
        <span className={classes.where}>
          {whereWords(query)} · {formatDateTime(query.created_at)}
        </span>
      </header>
      <p className={classes.said}>{query.text}</p>
      {reply !== null && (
        <div className={classes.reply}>
          <p className={classes.where}>
            {replied_by?.name ?? "Somebody"}
            {replied_at && `, ${formatDateTime(replied_at)}`}
          </p>
          <p className={classes.said}>{reply}</p>
        </div>
      )}
      {reply === null && mayReply && <ReplyForm study={study} query={query} />}
    </li>
  );
}

/** Item, task and image, as the coordinator knows them. */
function whereWords({ item_number, task_title, case_label }: StudyQuery): string {
  const parts = [
    item_number === null ? "about the study" : `item ${item_number}`,
    task_title,
    case_label,
  ];
  return parts.filter(Boolean).join(", ");
}
