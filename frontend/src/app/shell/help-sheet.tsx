import { Kbd, Switch } from "@mantine/core";
import { WORKBENCH_SHORTCUTS } from "../../features/interventions/lib/shortcuts";
import { MARK_SHORTCUTS } from "../../features/labels/lib/shortcuts";
import {
  MOUSE_ACTIONS,
  PAINT_SHORTCUTS,
  VIEWER_SHORTCUTS,
} from "../../features/viewer/lib/shortcuts";
import { Dialog } from "../../shared/components/dialog";
import { useShortcutsEnabled } from "../../shared/hooks/use-shortcuts-enabled";
import { COMPARE_SHORTCUTS } from "../compare/shortcuts";
import classes from "./help-sheet.module.css";

interface HelpSheetProps {
  opened: boolean;
  onClose: () => void;
}

interface Shortcut {
  keys: readonly string[];
  action: string;
}

const CONCEPTS: readonly Shortcut[] = [
  { keys: ["Point"], action: "At an option: its Grad-CAM. At a group: its Magnet map" },
  { keys: ["Click", "Enter"], action: "Keep that map in the viewer" },
  { keys: ["↑", "↓"], action: "From option to option (when one has the focus)" },
  { keys: ["Home", "End"], action: "First, last option" },
];

const EVERYWHERE: readonly Shortcut[] = [
  { keys: ["?"], action: "This sheet" },
  { keys: ["Drop"], action: "Image files, on any page: add them as cases" },
];

export function HelpSheet({ opened, onClose }: HelpSheetProps) {
  const [enabled, setEnabled] = useShortcutsEnabled();
  return (
    <Dialog opened={opened} onClose={onClose} title="Keys and mouse" width={820}>
      <div className={classes.columns}>
        <div>
          <Section title="Image viewer, keys" shortcuts={VIEWER_SHORTCUTS} />
          <Section title="What if" shortcuts={WORKBENCH_SHORTCUTS} />
        </div>
        <div>
          <Section title="Image viewer, mouse" shortcuts={MOUSE_ACTIONS} />
          <Section title="Painting a region" shortcuts={PAINT_SHORTCUTS} />
          <Section title="Concepts" shortcuts={CONCEPTS} />
          <Section title="What you see" shortcuts={MARK_SHORTCUTS} />
          <Section title="Comparison" shortcuts={COMPARE_SHORTCUTS} />
          <Section title="Everywhere" shortcuts={EVERYWHERE} />
          <Switch
            size="xs"
            label="Single-key shortcuts on this computer"
            checked={enabled}
            onChange={(event) => setEnabled(event.currentTarget.checked)}
          />
        </div>
      </div>
    </Dialog>
  );
}

function Section({ title, shortcuts }: { title: string; shortcuts: readonly Shortcut[] }) {
  return (
    <section className={classes.section}>
      <h3>{title}</h3>
      <dl>
        {shortcuts.map(({ keys, action }) => (
          <div key={action} className={classes.row}>
            <dt>
              {keys.map((key) => (
                <Kbd key={key} size="xs">
                  {key}
                </Kbd>
              ))}
            </dt>
            <dd>{action}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
