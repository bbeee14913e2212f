import { Button, Group, NativeSelect, SegmentedControl, TextInput } from "@mantine/core";
import { useState } from "react";
import { messageOf } from "../../../shared/api/api-error";
import type { ConceptSet, ConceptSetCreate, Revision } from "../../../shared/api/types";
import { Dialog } from "../../../shared/components/dialog";
import { Notice } from "../../../shared/components/notice";
import { useCreateConceptSet } from "../api/create-concept-set";
import { useRevision } from "../api/get-revision";
import { isSetName } from "../lib/keys";
import { YamlInput } from "./yaml-input";

interface NewSetDialogProps {
  opened: boolean;
  onClose: () => void;
  sets: readonly ConceptSet[];
  onCreated: (revision: Revision) => void;
}

type Way = "copy" | "yaml";

/** A new set: another one's copy under a name of its own, or a file. */
export function NewSetDialog({ opened, onClose, sets, onCreated }: NewSetDialogProps) {
  return (
    <Dialog opened={opened} onClose={onClose} title="New concept set" width={680}>
      {opened && <Content sets={sets} onClose={onClose} onCreated={onCreated} />}
    </Dialog>
  );
}

function Content({ sets, onClose, onCreated }: Omit<NewSetDialogProps, "opened">) {
  const [way, setWay] = useState<Way>(sets.length > 0 ? "copy" : "yaml");
  const create = useCreateConceptSet();
  const finish = (body: ConceptSetCreate) => create.mutate(body, { onSuccess: onCreated });
  const shared = { pending: create.isPending, onClose, onCreate: finish };
  return (
    <div style={{ display: "grid", gap: 12 }}>
      {sets.length > 0 && (
        <SegmentedControl
          size="xs"
          aria-label="How it begins"
          value={way}
          onChange={(next) => {
            setWay(next === "yaml" ? "yaml" : "copy");
            create.reset();
          }}
          data={[
            { value: "copy", label: "As a copy of another set" },
            { value: "yaml", label: "From a YAML file" },
          ]}
        />
      )}
      {create.isError && (
        <Notice tone="error" title="It was not made" live>
          {messageOf(create.error)
            .split("\n")
            .map((line) => (
              <div key={line}>{line}</div>
            ))}
        </Notice>
      )}
      {way === "copy" ? <CopyForm sets={sets} {...shared} /> : <YamlForm {...shared} />}
    </div>
  );
}

interface FormProps {
  pending: boolean;
  onClose: () => void;
  onCreate: (body: ConceptSetCreate) => void;
}

function CopyForm({ sets, ...form }: FormProps & { sets: readonly ConceptSet[] }) {
  const [setId, setSetId] = useState(sets[0]?.id ?? "");
  const [name, setName] = useState("");
  const [title, setTitle] = useState("");
  const origin = sets.find(({ id }) => id === setId);
  const revision = useRevision(origin?.latest.id ?? null);
  const taken = sets.some((set) => set.name === name);
  const nameProblem = taken
    ? "There is a concept set of this name already."
    : name !== "" && !isSetName(name)
      ? "Begin with a small letter; then small letters, digits, hyphens and underscores."
      : null;
  const ready = isSetName(name) && !taken && title.trim() !== "" && revision.data !== undefined;
  return (
    <form
      style={{ display: "grid", gap: 10 }}
      onSubmit={(event) => {
        event.preventDefault();
        if (ready && revision.data) {
          const content = { ...revision.data.content, name, title: title.trim(), version: 1 };
          const reason = `Copy of ${origin?.name}, revision ${revision.data.number}`;
          form.onCreate({ content, reason });
        }
      }}
    >
      <NativeSelect
        size="xs"
        label="Copy of"
        data={sets.map((set) => ({ value: set.id, label: `${set.title} (${set.name})` }))}
        value={setId}
        onChange={(event) => setSetId(event.currentTarget.value)}
      />
      <TextInput
        label="Name"
        description="In files, tables and commands. It cannot be changed afterwards."
        data-autofocus
        value={name}
        error={nameProblem}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <TextInput
        label="Title"
        description="On the screen."
        value={title}
        onChange={(event) => setTitle(event.currentTarget.value)}
      />
      {revision.isError && (
        <Notice tone="error" title="The set could not be read" live>
          {messageOf(revision.error)}
        </Notice>
      )}
      <Buttons {...form} ready={ready} />
    </form>
  );
}

function YamlForm(form: FormProps) {
  const [yaml, setYaml] = useState("");
  return (
    <form
      style={{ display: "grid", gap: 10 }}
      onSubmit={(event) => {
        event.preventDefault();
        form.onCreate({ yaml, reason: "From a file" });
      }}
    >
      <YamlInput value={yaml} onChange={setYaml} />
      <Buttons {...form} ready={yaml.trim() !== ""} />
    </form>
  );
}

function Buttons({ pending, ready, onClose }: FormProps & { ready: boolean }) {
  return (
    <Group justify="flex-end" gap="xs">
      <Button variant="default" disabled={pending} onClick={onClose}>
        Cancel
      </Button>
      <Button type="submit" loading={pending} disabled={!ready}>
        Make the set
      </Button>
    </Group>
  );
}
