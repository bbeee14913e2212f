import { Button, TextInput } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { useCopy } from "../hooks/use-copy";
import classes from "./copy-field.module.css";

interface CopyFieldProps {
  label: string;
  value: string;
}

/** A text to take away, such as a link: selected on focus, with a button that copies it. */
export function CopyField({ label, value }: CopyFieldProps) {
  const { state, copy } = useCopy(() => value);
  return (
    <div>
      <div className={classes.row}>
        <TextInput
          className={classes.field}
          classNames={{ input: classes.input }}
          label={label}
          value={value}
          readOnly
          onFocus={(event) => event.currentTarget.select()}
        />
        <Button
          variant="default"
          data-autofocus
          leftSection={state === "copied" ? <IconCheck size={14} /> : <IconCopy size={14} />}
          onClick={() => void copy()}
        >
          {state === "copied" ? "Copied" : "Copy"}
        </Button>
      </div>
      <p className={classes.state} role="status">
        {state === "failed" &&
          "The browser does not allow copying here. Select the text and press Ctrl+C."}
      </p>
    </div>
  );
}
