import { Button } from "@mantine/core";
import type { ReactNode } from "react";
import { messageOf } from "../../../shared/api/api-error";
import type { ReadingSummary } from "../../../shared/api/types";
import { Notice } from "../../../shared/components/notice";
import { formatDateTime } from "../../../shared/lib/format";
import { useSeeReminder } from "../api/see-reminder";

interface ReminderNoticeProps {
  reading: ReadingSummary;
  /** Beside "Seen". */
  children?: ReactNode;
}

/** A coordinator's reminder and replies, until they were seen. */
export function ReminderNotice({ reading, children }: ReminderNoticeProps) {
  const { mutate, isPending, error } = useSeeReminder(reading.study_id);
  const { reminded_at: reminded, new_replies: replies, title } = reading;
  if (!reminded && replies === 0) {
    return null;
  }
  return (
    <Notice
      tone="info"
      title={reminded ? `A reminder: “${title}” waits for you` : `A reply in “${title}”`}
      actions={
        <>
          {children}
          <Button
            variant="default"
            size="compact-xs"
            loading={isPending}
            aria-label={`Seen: ${title}`}
            onClick={() => mutate()}
          >
            Seen
          </Button>
        </>
      }
    >
      {reminded && `The coordinator reminded you on ${formatDateTime(reminded)}. `}
      {replies > 0 && "Your question was answered; the reply stands on the page of the study."}
      {error && ` ${messageOf(error)}`}
    </Notice>
  );
}
