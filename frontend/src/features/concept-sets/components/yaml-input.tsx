import { Button, FileButton, Textarea } from "@mantine/core";
import { IconFileUpload } from "@tabler/icons-react";
import { useState } from "react";
import classes from "./yaml-panel.module.css";

interface YamlInputProps {
  value: string;
  onChange: (text: string) => void;
}

const LARGEST = 128 * 1024;

/** A concept set as a file or pasted. */
export function YamlInput({ value, onChange }: YamlInputProps) {
  const [problem, setProblem] = useState<string | null>(null);
  const read = async (file: File | null) => {
    if (!file) {
      return;
    }
    if (file.size > LARGEST) {
      setProblem(`${file.name} is larger than 128 KiB, which no concept set is.`);
      return;
    }
    setProblem(null);
    onChange(await file.text());
  };
  return (
    <div className={classes.import}>
      <div className={classes.buttons}>
        <FileButton
          onChange={(file) => void read(file)}
          accept=".yaml,.yml,application/yaml"
          inputProps={{ "aria-label": "YAML file" }}
        >
          {(props) => (
            <Button
              {...props}
              variant="default"
              leftSection={<IconFileUpload size={14} aria-hidden />}
            >
              Choose a file …
            </Button>
          )}
        </FileButton>
      </div>
      <Textarea
        label="Text of the file"
        placeholder={"name: my-set\nversion: 1\ntitle: …"}
        autosize
        minRows={8}
        maxRows={16}
        classNames={{ input: classes.mono }}
        value={value}
        error={problem}
        spellCheck={false}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
    </div>
  );
}
