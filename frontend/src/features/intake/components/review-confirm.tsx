import { Button } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { ApiError, messageOf } from "../../../shared/api/api-error";
import type { Case, ReviewCreate } from "../../../shared/api/types";
import { Confirm } from "../../../shared/components/confirm";
import { Notice } from "../../../shared/components/notice";
import { useReloadCase, useReviewCase } from "../api/review-case";
import type { Frames } from "../hooks/use-frames";
import type { DrawnRegion } from "../lib/regions";
import { confirmWords, openWords, seenWords } from "../lib/words";
import classes from "./review-stage.module.css";

interface ReviewConfirmProps {
  entry: Case;
  regions: readonly DrawnRegion[];
  /** How many lines look like text that no region covers. */
  open: number;
  frames: Frames;
  onReviewed: () => void;
}

/** Ends the review. Where not all frames have been on screen it asks once more. */
export function ReviewConfirm({
  entry,
  regions,
  open: lines,
  frames,
  onReviewed,
}: ReviewConfirmProps) {
  const review = useReviewCase(entry.id, onReviewed);
  const [asking, { open, close }] = useDisclosure(false);
  const { seen, count } = frames;
  const words = confirmWords(regions.length);
  const confirm = () => review.mutate(bodyOf(regions), { onError: close });
  const unseen = count - seen;
  return (
    <div className={classes.confirm}>
      {review.isError && <Failure caseId={entry.id} error={review.error} />}
      <p className={classes.warning}>
        {regions.length > 0
          ? "This cannot be undone: what the regions cover is overwritten on the server, for good."
          : "This cannot be undone: afterwards nothing can be blacked out any more."}
        {lines > 0 && ` ${openWords(lines)}`}
        {count > 1 && ` ${seenWords(seen, count)}.`}
      </p>
      <Button
        color={regions.length > 0 ? "red" : undefined}
        disabled={seen === 0}
        loading={review.isPending}
        onClick={unseen <= 0 ? confirm : open}
      >
        {words}
      </Button>
      <Confirm
        opened={asking}
        onClose={close}
        title={`${unseen === 1 ? "One frame was" : `${unseen} frames were`} not looked at`}
        confirm={words}
        keep="Look at the rest"
        failed="Not confirmed"
        pending={review.isPending}
        error={null}
        onConfirm={confirm}
      >
        {seenWords(seen, count)}. Text may stand in one of the others. Confirming cannot be undone,
        and afterwards the case can be explained and shared.
      </Confirm>
    </div>
  );
}

function bodyOf(regions: readonly DrawnRegion[]): ReviewCreate {
  return {
    regions: regions.map(({ x, y, width, height, frame }) => ({ x, y, width, height, frame })),
  };
}

function Failure({ caseId, error }: { caseId: string; error: Error }) {
  const reload = useReloadCase(caseId);
  const isOver = error instanceof ApiError && error.code === "nothing_to_review";
  return (
    <Notice
      tone="error"
      title="Not confirmed"
      live
      actions={
        isOver && (
          <Button variant="default" onClick={reload}>
            Open the case as it is now
          </Button>
        )
      }
    >
      {messageOf(error)} {!isOver && "What you have drawn is still here."}
    </Notice>
  );
}
