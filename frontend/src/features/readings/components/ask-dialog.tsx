import { Button, Group, Textarea } from "@mantine/core";
import { useState } from "react";
import { messageOf } from "../../../shared/api/api-error";
import { Dialog } from "../../../shared/components/dialog";
import { Notice } from "../../../shared/components/notice";
import { useCreateQuery } from "../api/create-query";

interface AskDialogProps {
  studyId: string;
  /** Name of the coordinator; null: not known. */
  coordinator: string | null;
  /** The item that it is about; null: the study. */
  item: { id: string; number: number } | null;
  onClose: () => void;
}

/** A question to the coordinator; the reply comes on the page of the study. */
export function AskDialog({ studyId, coordinator, item, onClose }: AskDialogProps) {
  const [text, setText] = useState("");
  const { mutate, isPending, error, isSuccess } = useCreateQuery(studyId);
  const about = item ? `about item ${item.number}` : "about the study";
  const send = () => mutate({ text: text.trim(), assignment_id: item?.id ?? null });
  if (isSuccess) {
    return (
      <Dialog opened onClose={onClose} title="Question sent" width={480}>
        <p>The reply appears on the page of the study. You can go on reading now.</p>
        <Group justify="flex-end">
          <Button onClick={onClose} data-autofocus autoFocus>
            Go on
          </Button>
        </Group>
      </Dialog>
    );
  }
  return (
    <Dialog opened onClose={onClose} title={`Ask ${about}`} width={480}>
      <Textarea
        label={`Your question to ${coordinator ?? "the coordinator"}`}
        description="Other readers do not see it. Write nothing that names a patient."
        minRows={3}
        autosize
        maxRows={10}
        maxLength={2000}
        data-autofocus
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      {error && (
        <Notice tone="error" title="The question was not sent" live>
          {messageOf(error)}
        </Notice>
      )}
      <Group justify="flex-end" gap="xs" mt="sm">
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button loading={isPending} disabled={text.trim() === ""} onClick={send}>
          Send
        </Button>
      </Group>
    </Dialog>
  );
}
