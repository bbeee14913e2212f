import { Button, Textarea, TextInput } from "@mantine/core";
import { IconCheck, IconCopy, IconMail } from "@tabler/icons-react";
import { messageOf } from "../../../shared/api/api-error";
import type { ReaderReminder, StudyRead, StudyReader } from "../../../shared/api/types";
import { Dialog } from "../../../shared/components/dialog";
import { Notice } from "../../../shared/components/notice";
import { useCopy } from "../../../shared/hooks/use-copy";
import { formatDateTime } from "../../../shared/lib/format";
import { useRemindReader } from "../api/remind-reader";
import { mailAddress, withOrigin } from "../lib/readers";
import classes from "./running.module.css";

interface ReminderDialogProps {
  study: StudyRead;
  reader: StudyReader;
  onClose: () => void;
}

/** Reminds in Vitrine, and has the words for a mail. */
export function ReminderDialog({ study, reader, onClose }: ReminderDialogProps) {
  const remind = useRemindReader(study.id, reader.id);
  return (
    <Dialog opened onClose={onClose} title={`Remind ${reader.name}`} width={560}>
      {remind.data ? (
        <Words reminder={remind.data} onClose={onClose} />
      ) : (
        <div className={classes.form}>
          <p>
            They see the reminder in Vitrine the next time they sign in, and you get the words for a
            mail.
            {reader.reminded_at && ` Last reminded ${formatDateTime(reader.reminded_at)}.`}
          </p>
          {remind.isError && (
            <Notice tone="error" title="Not reminded" live>
              {messageOf(remind.error)}
            </Notice>
          )}
          <div className={classes.buttons}>
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button data-autofocus loading={remind.isPending} onClick={() => remind.mutate()}>
              Remind
            </Button>
          </div>
        </div>
      )}
    </Dialog>
  );
}

function Words({ reminder, onClose }: { reminder: ReaderReminder; onClose: () => void }) {
  const { email, subject } = reminder;
  const text = withOrigin(reminder.text, window.location.origin);
  const { state, copy } = useCopy(() => text);
  return (
    <div className={`${classes.form} ${classes.words}`}>
      <Notice tone="info" title="Reminded in Vitrine" live>
        Vitrine sends no mail. These are words for one, which you send yourself
        {email ? ` to ${email}` : ""}.
      </Notice>
      <TextInput label="Subject" value={subject} readOnly />
      <Textarea
        label="Text"
        value={text}
        readOnly
        rows={8}
        error={
          state === "failed" &&
          "The browser does not allow copying here. Select the text and press Ctrl+C."
        }
        onFocus={(event) => event.currentTarget.select()}
      />
      <div className={classes.buttons}>
        <Button
          variant="default"
          data-autofocus
          leftSection={state === "copied" ? <IconCheck size={14} /> : <IconCopy size={14} />}
          onClick={() => void copy()}
        >
          {state === "copied" ? "Copied" : "Copy the text"}
        </Button>
        {email && (
          <Button
            component="a"
            variant="default"
            href={mailAddress(email, subject, text)}
            leftSection={<IconMail size={14} />}
          >
            Open a mail
          </Button>
        )}
        <Button onClick={onClose}>Done</Button>
      </div>
    </div>
  );
}
