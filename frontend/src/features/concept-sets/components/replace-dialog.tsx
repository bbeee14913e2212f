import { Button, Checkbox, Group, TextInput } from "@mantine/core";
import { useState } from "react";
import { Dialog } from "../../../shared/components/dialog";
import { classesWith, findGroup, findOption, replaceOption } from "../lib/content";
import type { Editor } from "../lib/editor";
import { freeKey, keyOf, keyProblem } from "../lib/keys";

interface ReplaceDialogProps {
  editor: Editor;
  group: string;
  option: string;
  onClose: () => void;
}

/** Another concept in the place of one, under a key of its own. */
export function ReplaceDialog({ editor, group, option, onClose }: ReplaceDialogProps) {
  const found = findOption(editor.content, group, option);
  return (
    <Dialog
      opened
      onClose={onClose}
      title={`Replace “${found?.text.trim() || option}”`}
      width={520}
    >
      <ReplaceForm editor={editor} group={group} option={option} onClose={onClose} />
    </Dialog>
  );
}

function ReplaceForm({ editor, group, option, onClose }: ReplaceDialogProps) {
  const { content } = editor;
  const [text, setText] = useState("");
  const [source, setSource] = useState("");
  const [ownKey, setOwnKey] = useState<string | null>(null);
  const shownBy = classesWith(content, group, option);
  const [keepsClasses, setKeepsClasses] = useState(false);
  // The old key too: under it a model would go on with what it learned of the old option.
  const taken = findGroup(content, group)?.options.map(({ key }) => key) ?? [];
  const key = ownKey ?? freeKey(keyOf(text, "option"), taken);
  const problem = keyProblem(key, taken);
  const complete = text.trim() !== "" && source.trim() !== "" && problem === null;
  const replace = () => {
    const next = { key, text: text.trim(), synonyms: [], source: source.trim() };
    editor.edit((all) => replaceOption(all, group, option, next, keepsClasses));
    editor.select({ kind: "option", group, option: key });
    editor.announce(`“${next.text}” stands in the place of the old option.`);
    onClose();
  };
  return (
    <form
      style={{ display: "grid", gap: 10 }}
      onSubmit={(event) => {
        event.preventDefault();
        if (complete) {
          replace();
        }
      }}
    >
      <p style={{ margin: 0 }}>
        Removes the option and adds a new one in its place, under a key of its own: a retrained
        model begins it from its words and keeps nothing of the old one.
      </p>
      <TextInput
        label="Words of the new option"
        data-autofocus
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <TextInput
        label="Key"
        description="Proposed from the words."
        value={key}
        error={text || ownKey !== null ? problem : null}
        onChange={(event) => setOwnKey(event.currentTarget.value)}
      />
      <TextInput
        label="Source"
        description="Where the term is defined, or that it is a plain word."
        value={source}
        onChange={(event) => setSource(event.currentTarget.value)}
      />
      {shownBy.length > 0 && (
        <Checkbox
          label={`Typical of the same classes: ${shownBy.join(", ")}`}
          description="Not chosen: the class table has nothing in these places until you fill them."
          checked={keepsClasses}
          onChange={(event) => setKeepsClasses(event.currentTarget.checked)}
        />
      )}
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button type="submit" disabled={!complete}>
          Replace
        </Button>
      </Group>
    </form>
  );
}
