import { Button, Group, TextInput } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useState } from "react";
import { Dialog } from "../../../shared/components/dialog";
import { freeKey, keyOf, keyProblem } from "../lib/keys";
import classes from "./fields.module.css";

interface KeyFieldProps {
  /** "option", "group" or "class". */
  what: "option" | "group" | "class";
  value: string;
  /** The words that a key is proposed from. */
  words: string;
  /** Keys of the others. */
  taken: readonly string[];
  readOnly: boolean;
  onChange: (key: string) => void;
}

const MEANING = {
  option:
    "Models know an option by its key. Under a new key it is a new concept for a model: the next training begins it from its words, and what a model has learned of the old one stays behind. To say the same in other words, change the words and keep the key.",
  group:
    "Models know options by the keys of the group and the option. Under a new key all options of this group are new concepts for a model. To call the group something else, change its name and keep the key.",
  class:
    "Data sets and models know a class by its key. It must be the one in the data. To call the class something else on screen, change its name and keep the key.",
};

/** A key as it stands, and the way to another one, with what that means. */
export function KeyField({ what, value, words, taken, readOnly, onChange }: KeyFieldProps) {
  const [opened, { open, close }] = useDisclosure(false);
  return (
    <div className={classes.key}>
      {/* The rows of classes have a column of this name. */}
      <span className={what === "class" ? "visually-hidden" : classes.dim}>Key</span>{" "}
      <code>{value}</code>
      {!readOnly && (
        <Button
          variant="default"
          size="compact-xs"
          aria-label={`Change the key ${value}`}
          onClick={open}
        >
          {what === "class" ? "Change …" : "Change key …"}
        </Button>
      )}
      <Dialog
        opened={opened}
        onClose={close}
        title={`Another key for “${words || value}”`}
        width={480}
      >
        {opened && (
          <KeyForm
            what={what}
            value={value}
            words={words}
            taken={taken}
            onClose={close}
            onChange={onChange}
          />
        )}
      </Dialog>
    </div>
  );
}

interface KeyFormProps extends Omit<KeyFieldProps, "readOnly"> {
  onClose: () => void;
}

function KeyForm({ what, value, words, taken, onClose, onChange }: KeyFormProps) {
  const [key, setKey] = useState(() => freeKey(keyOf(words, what), taken));
  const problem = keyProblem(key, taken);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (problem === null) {
          onChange(key);
          onClose();
        }
      }}
    >
      <p style={{ marginTop: 0 }}>{MEANING[what]}</p>
      <TextInput
        label={`New key, now ${value}`}
        data-autofocus
        value={key}
        error={problem}
        onChange={(event) => setKey(event.currentTarget.value)}
      />
      <Group justify="flex-end" gap="xs" mt="sm">
        <Button variant="default" onClick={onClose}>
          Keep {value}
        </Button>
        <Button type="submit" disabled={problem !== null || key === value}>
          Change the key
        </Button>
      </Group>
    </form>
  );
}
