import { Button, Group, NativeSelect, TextInput } from "@mantine/core";
import { useState } from "react";
import { messageOf } from "../../../shared/api/api-error";
import { useModels } from "../../../shared/api/list-models";
import type { ModelVersion, StudyRead, StudySummary } from "../../../shared/api/types";
import { Dialog } from "../../../shared/components/dialog";
import { Notice } from "../../../shared/components/notice";
import { useCreateStudy } from "../api/create-study";
import { useStudyIf } from "../api/get-study";
import { designFrom, TEMPLATES, type Template } from "../lib/templates";
import { ChoiceCards } from "./choice-cards";
import classes from "./new-study-dialog.module.css";

interface NewStudyDialogProps {
  opened: boolean;
  onClose: () => void;
  studies: readonly StudySummary[];
  /** Of which a copy is wanted; null: something else. */
  copyOf?: string | null;
  onCreated: (study: StudyRead) => void;
}

/** A title, and what it begins as. */
export function NewStudyDialog({ opened, onClose, ...rest }: NewStudyDialogProps) {
  return (
    <Dialog opened={opened} onClose={onClose} title="New study" width={560}>
      {opened && <Content onClose={onClose} {...rest} />}
    </Dialog>
  );
}

function Content(props: Omit<NewStudyDialogProps, "opened">) {
  const { studies, copyOf = null, onClose, onCreated } = props;
  const [title, setTitle] = useState(copyOf ? copyTitle(studies, copyOf) : "");
  const [template, setTemplate] = useState<Template>(copyOf ? "copy" : "maps");
  const [origin, setOrigin] = useState(copyOf ?? studies[0]?.id ?? null);
  const models = useModels();
  const copied = useStudyIf(template === "copy" ? origin : null);
  const create = useCreateStudy();
  const source = template === "copy" ? copied.data : undefined;
  const ready =
    title.trim() !== "" && (template === "copy" ? source !== undefined : !models.isPending);
  const submit = () => {
    const made = source?.design ?? designFrom(template, title, explaining(models.data));
    const body = { design: { ...made, title: title.trim() }, copy_of: source?.id ?? null };
    create.mutate(body, { onSuccess: onCreated });
  };
  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (ready) {
          submit();
        }
      }}
    >
      <TextInput
        label="Title"
        description="Readers see it too: it should not tell them what is expected."
        data-autofocus
        maxLength={200}
        value={title}
        onChange={(event) => setTitle(event.currentTarget.value)}
      />
      <ChoiceCards
        legend="Begin with"
        choices={studies.length > 0 ? TEMPLATES : TEMPLATES.filter(({ value }) => value !== "copy")}
        value={template}
        onChoose={setTemplate}
      />
      {template === "copy" && (
        <NativeSelect
          size="xs"
          label="Copy of"
          data={studies.map((study) => ({ value: study.id, label: study.title }))}
          value={origin ?? ""}
          onChange={(event) => setOrigin(event.currentTarget.value)}
        />
      )}
      {copied.isError && template === "copy" && (
        <Notice tone="error" title="The study to copy could not be read" live>
          {messageOf(copied.error)}
        </Notice>
      )}
      {create.isError && (
        <Notice tone="error" title="The study was not made" live>
          {messageOf(create.error)}
        </Notice>
      )}
      <Group justify="flex-end" gap="xs">
        <Button variant="default" disabled={create.isPending} onClick={onClose}>
          Cancel
        </Button>
        <Button type="submit" loading={create.isPending} disabled={!ready}>
          Make the draft
        </Button>
      </Group>
    </form>
  );
}

function copyTitle(studies: readonly StudySummary[], id: string): string {
  const found = studies.find((study) => study.id === id);
  return found ? `${found.title} (copy)`.slice(0, 200) : "";
}

/** The one that explains cases now; without one, the newest. */
function explaining(models: readonly ModelVersion[] | undefined): string | null {
  return (models?.find(({ active }) => active) ?? models?.[0])?.id ?? null;
}
