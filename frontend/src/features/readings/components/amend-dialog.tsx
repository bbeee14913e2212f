import { Button, Group, Textarea } from "@mantine/core";
import { useState } from "react";
import { messageOf } from "../../../shared/api/api-error";
import type { ReadingItem, ReadingResponse } from "../../../shared/api/types";
import { Busy } from "../../../shared/components/busy";
import { Dialog } from "../../../shared/components/dialog";
import { Notice } from "../../../shared/components/notice";
import { QueryError } from "../../../shared/components/query-error";
import { useAmendResponse } from "../api/amend-response";
import { useAnsweredItem } from "../api/get-answered-item";
import { answersToSend, missing, restored, withAnswer } from "../lib/given";
import { ItemView } from "./item-view";
import classes from "./reading.module.css";

interface AmendDialogProps {
  studyId: string;
  response: ReadingResponse;
  onClose: () => void;
}

/** The item once more, to correct its answer. */
export function AmendDialog({ studyId, response, onClose }: AmendDialogProps) {
  const item = useAnsweredItem(studyId, response.id);
  return (
    <Dialog
      opened
      onClose={onClose}
      title={`Correct the answer to item ${response.number}`}
      width={1240}
    >
      {item.isPending && <Busy>Loading the item</Busy>}
      {item.isError && (
        <QueryError
          title="The item could not be loaded"
          error={item.error}
          onRetry={() => void item.refetch()}
        />
      )}
      {item.data && (
        <Correction studyId={studyId} response={response} item={item.data} onClose={onClose} />
      )}
    </Dialog>
  );
}

const SHORTEST_REASON = 3;

function Correction({
  studyId,
  response,
  item,
  onClose,
}: AmendDialogProps & { item: ReadingItem }) {
  const { content } = item;
  const [given, setGiven] = useState(() =>
    restored(content, { ...response, active_ms: 0, idle_ms: 0 }),
  );
  const [reason, setReason] = useState("");
  const { mutate, isPending, error } = useAmendResponse(studyId, response.id);
  const open = missing(content, given).length;
  const ready = open === 0 && reason.trim().length >= SHORTEST_REASON;
  const save = () =>
    mutate(
      {
        answers: answersToSend(content, given),
        cannot_judge: given.cannotJudge,
        reason: reason.trim(),
      },
      { onSuccess: onClose },
    );
  return (
    <div className={classes.correction}>
      <ItemView
        content={content}
        image={item.image}
        width={item.width}
        height={item.height}
        answers={given.answers}
        onAnswer={(key, answer) => setGiven((before) => withAnswer(before, key, answer))}
        cannotJudge={given.cannotJudge}
        onCannotJudge={(cannotJudge) => setGiven((before) => ({ ...before, cannotJudge }))}
        readOnly={false}
      >
        <div className={classes.reason}>
          <Textarea
            label="Reason for the correction"
            description="The answer itself stays; the correction is kept beside it."
            required
            autosize
            minRows={2}
            maxRows={5}
            maxLength={2000}
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
          {error && (
            <Notice tone="error" title="The correction was not saved" live>
              {messageOf(error)}
            </Notice>
          )}
          <Group justify="flex-end" gap="xs" mt="sm">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button loading={isPending} disabled={!ready} onClick={save}>
              Save correction
            </Button>
          </Group>
        </div>
      </ItemView>
    </div>
  );
}
