import { Button, Checkbox, TextInput } from "@mantine/core";
import type { ConceptGroup } from "../../../shared/api/types";
import { insertOption, remove } from "../lib/actions";
import { editGroup, renameGroup } from "../lib/content";
import type { Editor } from "../lib/editor";
import { problemAt } from "../lib/problems";
import classes from "./fields.module.css";
import { KeyField } from "./key-field";
import { PromptPreview } from "./prompt-preview";

interface GroupFieldsProps {
  editor: Editor;
  group: ConceptGroup;
}

export function GroupFields({ editor, group }: GroupFieldsProps) {
  const { content, readOnly, problems } = editor;
  const missing = problemAt(problems, group.key, "options");
  return (
    <section className={classes.fields} aria-label="The group">
      <div className={classes.head}>
        <h2>{group.name.trim() || "Group without a name"}</h2>
        <span className={classes.kind}>
          {group.options.length === 1
            ? "Group of one option, which is present or absent"
            : `Group of ${group.options.length} options, of which one is present`}
        </span>
      </div>
      <TextInput
        label="Name"
        description="A question that a reader answers by looking: which colour, which margin."
        value={group.name}
        readOnly={readOnly}
        error={problemAt(problems, group.key, "name")}
        onChange={(event) => {
          const name = event.currentTarget.value;
          editor.edit((all) => editGroup(all, group.key, { name }), `${group.key} name`);
        }}
      />
      <KeyField
        what="group"
        value={group.key}
        words={group.name}
        taken={content.groups.filter(({ key }) => key !== group.key).map(({ key }) => key)}
        readOnly={readOnly}
        onChange={(key) => {
          editor.edit((all) => renameGroup(all, group.key, key));
          editor.select({ kind: "group", group: key });
        }}
      />
      <Checkbox
        label="Has a place in the image"
        description="A mask could mark it: a margin, a spot. Not so: symmetry, orientation. Maps of groups without a place are labelled as such."
        checked={group.localizable}
        disabled={readOnly}
        onChange={(event) => {
          const localizable = event.currentTarget.checked;
          editor.edit((all) => editGroup(all, group.key, { localizable }));
        }}
      />
      <PromptPreview prompt={content.prompt} group={group} />
      {missing && <p className={classes.error}>{missing}</p>}
      {!readOnly && (
        <div className={classes.buttons}>
          <Button variant="default" onClick={() => insertOption(editor, group.key, null)}>
            Add an option
          </Button>
          <Button variant="default" onClick={() => remove(editor, editor.selection)}>
            Remove the group
          </Button>
        </div>
      )}
    </section>
  );
}
