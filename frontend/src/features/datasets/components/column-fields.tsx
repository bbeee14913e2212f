import { NativeSelect, TextInput } from "@mantine/core";
import type { DatasetAdapter } from "../../../shared/api/types";
import type { ImportForm } from "../lib/import-form";
import classes from "./column-fields.module.css";

interface ColumnFieldsProps {
  adapter: DatasetAdapter;
  /** All of them: their concept sets are the ones that can be chosen. */
  adapters: readonly DatasetAdapter[];
  form: ImportForm;
  onChange: (changes: Partial<ImportForm>) => void;
}

const COLUMNS = [
  { key: "imageColumn", label: "Image column", description: "Path of the file", usual: "image" },
  { key: "labelColumn", label: "Class column", description: "What it shows", usual: "label" },
  {
    key: "groupColumn",
    label: "Patient column",
    description: "Or lesion; optional",
    usual: "group",
  },
  { key: "splitColumn", label: "Split column", description: "Optional", usual: "split" },
] as const;

/** What Vitrine cannot know of somebody's own data. */
export function ColumnFields({ adapter, adapters, form, onChange }: ColumnFieldsProps) {
  const conceptSets = [...new Set(adapters.flatMap(({ concept_set: name }) => name ?? []))];
  return (
    <fieldset className={classes.fields}>
      <legend className={classes.legend}>About your data</legend>
      {adapter.name === "csv" &&
        COLUMNS.map(({ key, label, description, usual }) => (
          <TextInput
            key={key}
            label={label}
            description={description}
            placeholder={usual}
            spellCheck={false}
            value={form[key]}
            onChange={(event) => onChange({ [key]: event.currentTarget.value })}
          />
        ))}
      {(adapter.name === "csv" || adapter.name === "npz") && (
        <TextInput
          label={adapter.name === "csv" ? "Table" : "File"}
          description="If there are several"
          spellCheck={false}
          value={form.file}
          onChange={(event) => onChange({ file: event.currentTarget.value })}
        />
      )}
      <NativeSelect
        size="xs"
        label="Concept set"
        description="If it fits your classes"
        value={form.conceptSet}
        data={[{ value: "", label: "none" }, ...conceptSets]}
        onChange={(event) => onChange({ conceptSet: event.currentTarget.value })}
      />
    </fieldset>
  );
}
