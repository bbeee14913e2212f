import { Button, Textarea, TextInput } from "@mantine/core";
import { useState } from "react";
import type { ConceptGroup, ConceptOption } from "../../../shared/api/types";
import { remove } from "../lib/actions";
import { classesWith, editOption, optionId, renameOption } from "../lib/content";
import type { Editor } from "../lib/editor";
import { problemAt } from "../lib/problems";
import classes from "./fields.module.css";
import { KeyField } from "./key-field";
import { PromptPreview } from "./prompt-preview";

interface OptionFieldsProps {
  editor: Editor;
  group: ConceptGroup;
  option: ConceptOption;
  onReplace: () => void;
}

export function OptionFields({ editor, group, option, onReplace }: OptionFieldsProps) {
  const { content, readOnly, problems } = editor;
  const id = optionId(group.key, option.key);
  const change = (field: "text" | "source", value: string) =>
    editor.edit(
      (all) => editOption(all, group.key, option.key, { [field]: value }),
      `${id} ${field}`,
    );
  const typical = classesWith(content, group.key, option.key);
  const names = content.classes.filter(({ key }) => typical.includes(key)).map(({ name }) => name);
  return (
    <section className={classes.fields} aria-label="The option">
      <div className={classes.head}>
        <h2>{option.text.trim() || "Option without words"}</h2>
        <span className={classes.kind}>Option of {group.name || group.key}</span>
      </div>
      <TextInput
        label="Words"
        description="Short and concrete: they are read by the text encoder and stand on the screen."
        value={option.text}
        readOnly={readOnly}
        error={problemAt(problems, id, "text")}
        onChange={(event) => change("text", event.currentTarget.value)}
      />
      <KeyField
        what="option"
        value={option.key}
        words={option.text}
        taken={group.options.filter(({ key }) => key !== option.key).map(({ key }) => key)}
        readOnly={readOnly}
        onChange={(key) => {
          editor.edit((all) => renameOption(all, group.key, option.key, key));
          editor.select({ kind: "option", group: group.key, option: key });
        }}
      />
      <PromptPreview prompt={content.prompt} group={group} current={option.key} />
      <Synonyms key={id} editor={editor} group={group.key} option={option} />
      <TextInput
        label="Source"
        description="Where the term is defined, or that it is a plain word."
        value={option.source}
        readOnly={readOnly}
        error={problemAt(problems, id, "source")}
        onChange={(event) => change("source", event.currentTarget.value)}
      />
      <p className={classes.dim}>
        {names.length > 0
          ? `Typical of ${names.join(", ")}.`
          : "Typical of no class: only labels of single images can teach it."}
      </p>
      {!readOnly && (
        <div className={classes.buttons}>
          <Button variant="default" onClick={onReplace}>
            Replace …
          </Button>
          <Button variant="default" onClick={() => remove(editor, editor.selection)}>
            Remove
          </Button>
        </div>
      )}
    </section>
  );
}

interface SynonymsProps {
  editor: Editor;
  group: string;
  option: ConceptOption;
}

function Synonyms({ editor, group, option }: SynonymsProps) {
  const [typed, setTyped] = useState("");
  const id = optionId(group, option.key);
  const said = option.synonyms.join("\n");
  // What is typed has spaces and empty lines for a while; undo may have changed the rest.
  const shown = linesOf(typed).join("\n") === said ? typed : said;
  return (
    <Textarea
      label="Synonyms, one a line"
      description="Never shown. Vitrine's own text encoder is trained with them."
      autosize
      minRows={2}
      maxRows={8}
      value={shown}
      readOnly={editor.readOnly}
      error={problemAt(editor.problems, id, "synonyms")}
      onChange={(event) => {
        const text = event.currentTarget.value;
        setTyped(text);
        editor.edit(
          (all) => editOption(all, group, option.key, { synonyms: linesOf(text) }),
          `${id} synonyms`,
        );
      }}
    />
  );
}

function linesOf(text: string): string[] {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
}
