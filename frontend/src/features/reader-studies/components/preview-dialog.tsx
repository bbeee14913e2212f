import { ActionIcon, NativeSelect } from "@mantine/core";
import { IconChevronLeft, IconChevronRight } from "@tabler/icons-react";
import { type ReactNode, useState } from "react";
import type { StudyPreview, StudyPreviewCreate, StudyRead } from "../../../shared/api/types";
import { Busy } from "../../../shared/components/busy";
import { Dialog } from "../../../shared/components/dialog";
import { Notice } from "../../../shared/components/notice";
import { QueryError } from "../../../shared/components/query-error";
import { usePreview } from "../api/preview-item";
import type { KnownImages } from "../hooks/use-known-images";
import { labelOf } from "../hooks/use-known-images";
import { HiddenTruth } from "./hidden-truth";
import classes from "./preview-dialog.module.css";

export interface PreviewDialogProps {
  opened: boolean;
  onClose: () => void;
  /** As the server has it. */
  study: StudyRead;
  /** What is on the screen has reached the server. */
  saved: boolean;
  /** In words, why it has not. */
  unsaved: string | null;
  known: KnownImages;
  /** Draws the item as the reading room does. */
  renderItem: (item: StudyPreview) => ReactNode;
}

/** Any item of the draft, as the reader will see it. */
export function PreviewDialog(props: PreviewDialogProps) {
  const { opened, onClose, study } = props;
  return (
    <Dialog opened={opened} onClose={onClose} title="As the reader will see it" width={1180}>
      {opened &&
        (study.design.tasks.length === 0 || study.design.cases.length === 0 ? (
          <Notice tone="info" title="There is no item to show yet">
            Choose at least one image, one arm and one task first.
          </Notice>
        ) : (
          <Content {...props} />
        ))}
    </Dialog>
  );
}

function Content({ study, saved, unsaved, known, renderItem }: PreviewDialogProps) {
  const { tasks, arms, cases } = study.design;
  const [wanted, setWanted] = useState<StudyPreviewCreate>({
    task_key: "",
    arm_key: "",
    case_index: 0,
  });
  const task = tasks.find(({ key }) => key === wanted.task_key) ?? tasks[0];
  const offered = arms.filter(({ key }) => task?.arm_keys.includes(key));
  const arm = offered.find(({ key }) => key === wanted.arm_key) ?? offered[0];
  const at = Math.min(wanted.case_index, cases.length - 1);
  const item = task && arm ? { task_key: task.key, arm_key: arm.key, case_index: at } : null;
  const preview = usePreview(study, saved ? item : null);
  const change = (changes: Partial<StudyPreviewCreate>) =>
    setWanted((old) => ({ ...old, ...changes }));
  return (
    <div className={classes.content}>
      <div className={classes.bar}>
        <NativeSelect
          size="xs"
          label="Task"
          data={tasks.map(({ key, title }) => ({ value: key, label: title }))}
          value={task?.key ?? ""}
          onChange={({ currentTarget }) => change({ task_key: currentTarget.value })}
        />
        <NativeSelect
          size="xs"
          label="Arm"
          data={offered.map(({ key, name }) => ({ value: key, label: name }))}
          value={arm?.key ?? ""}
          onChange={({ currentTarget }) => change({ arm_key: currentTarget.value })}
        />
        <NativeSelect
          size="xs"
          label="Image"
          data={cases.map((ref, place) => ({
            value: String(place),
            label: `${place + 1}: ${labelOf(ref, known.find(ref))}${ref.practice ? " (practice)" : ""}`,
          }))}
          value={String(at)}
          onChange={({ currentTarget }) => change({ case_index: Number(currentTarget.value) })}
        />
        <div className={classes.steps}>
          <ActionIcon
            variant="default"
            size={30}
            aria-label="The image before"
            disabled={at === 0}
            onClick={() => change({ case_index: at - 1 })}
          >
            <IconChevronLeft size={16} aria-hidden />
          </ActionIcon>
          <ActionIcon
            variant="default"
            size={30}
            aria-label="The next image"
            disabled={at >= cases.length - 1}
            onClick={() => change({ case_index: at + 1 })}
          >
            <IconChevronRight size={16} aria-hidden />
          </ActionIcon>
        </div>
      </div>
      {!item ? (
        <Notice tone="info" title="The task has no arm yet">
          Choose under which arms it is read.
        </Notice>
      ) : !saved ? (
        unsaved ? (
          <Notice tone="warning" title="The draft is not saved, so there is no preview of it" live>
            {unsaved}
          </Notice>
        ) : (
          <Busy>Saving the draft</Busy>
        )
      ) : preview.isError ? (
        <QueryError
          title="This item cannot be shown"
          error={preview.error}
          onRetry={() => void preview.refetch()}
        />
      ) : preview.data ? (
        <>
          <div className={classes.item}>{renderItem(preview.data)}</div>
          <HiddenTruth preview={preview.data} />
        </>
      ) : (
        <Busy>Preparing the item</Busy>
      )}
    </div>
  );
}
