import { Button } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useMay } from "../../../shared/account/account-context";
import type { StudySummary } from "../../../shared/api/types";
import { Confirm } from "../../../shared/components/confirm";
import { useDeleteStudy } from "../api/delete-study";

interface DeleteStudyButtonProps {
  study: StudySummary;
  /** As low as a line of a table. */
  compact?: boolean;
  onDeleted: () => void;
}

/** Of a draft or a demonstration, after a question. Published studies stay. */
export function DeleteStudyButton({ study, compact = false, onDeleted }: DeleteStudyButtonProps) {
  const [opened, dialog] = useDisclosure(false);
  const remove = useDeleteStudy(study.id);
  const may = useMay("studies:write");
  const { role, status, demonstration, title } = study;
  const runs = role === "owner" || role === "coordinator" || role === null;
  const deletable = status === "draft" || (demonstration && status !== "publishing");
  if (!may || !runs || !deletable) {
    return null;
  }
  return (
    <>
      <Button
        variant="default"
        size={compact ? "compact-xs" : "xs"}
        aria-label={`Delete ${title} …`}
        onClick={dialog.open}
      >
        Delete …
      </Button>
      <Confirm
        opened={opened}
        onClose={() => {
          dialog.close();
          remove.reset();
        }}
        title={`Delete ${title}?`}
        confirm="Delete the study"
        keep="Keep it"
        failed="The study was not deleted"
        pending={remove.isPending}
        error={remove.error}
        onConfirm={() =>
          remove.mutate(undefined, {
            onSuccess: () => {
              dialog.close();
              onDeleted();
            },
          })
        }
      >
        {demonstration
          ? "The demonstration goes with its readers’ answers. It can be made anew at any time."
          : "The draft goes for good, with everything that was chosen and written in it. The images stay."}
      </Confirm>
    </>
  );
}
