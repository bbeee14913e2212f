import { Button, Textarea } from "@mantine/core";
import { type SubmitEvent, useState } from "react";
import { messageOf } from "../../../shared/api/api-error";
import type { StudyQuery, StudyRead } from "../../../shared/api/types";
import { Notice } from "../../../shared/components/notice";
import { useReplyToQuery } from "../api/reply-to-query";
import classes from "./running.module.css";

interface ReplyFormProps {
  study: StudyRead;
  query: StudyQuery;
}

/** A reply to a reader. It could unblind them, so the form says what not to tell. */
export function ReplyForm({ study, query }: ReplyFormProps) {
  const [text, setText] = useState("");
  const reply = useReplyToQuery(study.id, query.id);
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    reply.mutate(text.trim());
  };
  return (
    <form className={`${classes.form} ${classes.replyForm}`} onSubmit={submit}>
      <Textarea
        label={`Reply to ${query.reader_code}`}
        description="Tell nothing that unblinds: not the model or the arm, not whether the map is real, not the right answer, not what other readers said."
        maxLength={2000}
        autosize
        minRows={2}
        maxRows={10}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      {reply.isError && (
        <Notice tone="error" title="Not sent" live>
          {messageOf(reply.error)}
        </Notice>
      )}
      <div className={classes.buttons}>
        <Button type="submit" loading={reply.isPending} disabled={!text.trim()}>
          Send the reply
        </Button>
      </div>
    </form>
  );
}
