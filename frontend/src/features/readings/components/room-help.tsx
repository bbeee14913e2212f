import { Switch } from "@mantine/core";
import type { ReadingRead } from "../../../shared/api/types";
import { Dialog } from "../../../shared/components/dialog";
import { useShortcutsEnabled } from "../../../shared/hooks/use-shortcuts-enabled";
import { IMAGE_SHORTCUTS, READING_SHORTCUTS } from "../lib/shortcuts";
import { KeyList } from "./key-list";
import classes from "./room.module.css";
import { StudyWords } from "./study-words";

interface RoomHelpProps {
  reading: ReadingRead;
  opened: boolean;
  onClose: () => void;
}

/** Keys, and the instructions once more. */
export function RoomHelp({ reading, opened, onClose }: RoomHelpProps) {
  const [enabled, setEnabled] = useShortcutsEnabled();
  return (
    <Dialog opened={opened} onClose={onClose} title="Help" width={820}>
      <div className={classes.columns}>
        <KeyList title="Answering" shortcuts={READING_SHORTCUTS} />
        <KeyList title="Image" shortcuts={IMAGE_SHORTCUTS} />
      </div>
      <Switch
        size="xs"
        label="Single-key shortcuts on this computer"
        checked={enabled}
        onChange={(event) => setEnabled(event.currentTarget.checked)}
      />
      <StudyWords reading={reading} />
    </Dialog>
  );
}
