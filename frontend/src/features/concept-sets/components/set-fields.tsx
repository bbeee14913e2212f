import { Button, TextInput } from "@mantine/core";
import { addClass, editClass, editHead, removeClass, renameClass } from "../lib/content";
import type { Editor } from "../lib/editor";
import { freeKey } from "../lib/keys";
import { problemAt } from "../lib/problems";
import classes from "./fields.module.css";
import { KeyField } from "./key-field";

/** Title, modality, prompt and classes: what is about the whole set. */
export function SetFields({ editor }: { editor: Editor }) {
  const { content, readOnly, problems } = editor;
  const field = (name: "title" | "modality" | "prompt") => ({
    value: content[name],
    readOnly,
    error: problemAt(problems, "", name),
    onChange: (event: { currentTarget: { value: string } }) => {
      const { value } = event.currentTarget;
      editor.edit((all) => editHead(all, { [name]: value }), name);
    },
  });
  const missing = problemAt(problems, "", "options");
  return (
    <section className={classes.fields} aria-label="The set">
      <div className={classes.head}>
        <h2>{content.title.trim() || content.name}</h2>
        <span className={classes.kind}>
          Concept set <code>{content.name}</code>
        </span>
      </div>
      <TextInput label="Title" {...field("title")} />
      <TextInput label="Modality" {...field("modality")} />
      <TextInput
        label="Prompt"
        description="{group} and {option} stand for the name of the group and the words of the option."
        {...field("prompt")}
      />
      <ClassRows editor={editor} />
      {missing && <p className={classes.error}>{missing}</p>}
    </section>
  );
}

function ClassRows({ editor }: { editor: Editor }) {
  const { content, readOnly, problems } = editor;
  const keys = content.classes.map(({ key }) => key);
  return (
    <div>
      <p className={classes.dim}>
        The keys of the classes must be those of the data, and a model can be retrained only with
        the classes that it has.
      </p>
      <table className={classes.rows}>
        <caption className="visually-hidden">Classes</caption>
        <thead>
          <tr>
            <th scope="col">Class</th>
            <th scope="col">Key</th>
            <th scope="col">
              <span className="visually-hidden">Remove</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {content.classes.map(({ key, name }) => (
            <tr key={key}>
              <td>
                <TextInput
                  aria-label={`Name of the class ${key}`}
                  value={name}
                  readOnly={readOnly}
                  error={problemAt(problems, `class:${key}`, "name")}
                  onChange={(event) => {
                    const words = event.currentTarget.value;
                    editor.edit((all) => editClass(all, key, words), `class ${key}`);
                  }}
                />
              </td>
              <td>
                <KeyField
                  what="class"
                  value={key}
                  words={name}
                  taken={keys.filter((each) => each !== key)}
                  readOnly={readOnly}
                  onChange={(next) => editor.edit((all) => renameClass(all, key, next))}
                />
              </td>
              <td>
                {!readOnly && (
                  <Button
                    variant="default"
                    size="compact-xs"
                    aria-label={`Remove the class ${name || key}`}
                    onClick={() => editor.edit((all) => removeClass(all, key))}
                  >
                    Remove
                  </Button>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {!readOnly && (
        <Button
          variant="default"
          size="compact-xs"
          mt={6}
          onClick={() =>
            editor.edit((all) => addClass(all, { key: freeKey("new_class", keys), name: "" }))
          }
        >
          Add a class
        </Button>
      )}
    </div>
  );
}
