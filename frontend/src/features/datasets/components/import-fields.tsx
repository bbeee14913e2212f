import { Button, TextInput } from "@mantine/core";
import { type SubmitEvent, useState } from "react";
import { messageOf } from "../../../shared/api/api-error";
import type { Dataset, DatasetAdapter } from "../../../shared/api/types";
import { Notice } from "../../../shared/components/notice";
import { useCreateDataset } from "../api/create-dataset";
import { findProblems, type ImportForm, requestOf, suggestedName } from "../lib/import-form";
import { AdapterChoice } from "./adapter-choice";
import { AdapterLayout } from "./adapter-layout";
import { ColumnFields } from "./column-fields";
import { FolderBrowser } from "./folder-browser";
import classes from "./import-fields.module.css";
import { SplitFields } from "./split-fields";

interface ImportFieldsProps {
  adapters: readonly DatasetAdapter[];
  initial: ImportForm;
  taken: ReadonlySet<string>;
  onClose: () => void;
  onStarted: (dataset: Dataset) => void;
}

export function ImportFields({ adapters, initial, taken, onClose, onStarted }: ImportFieldsProps) {
  const [form, setForm] = useState(initial);
  /** Before the first attempt nobody needs to be told what is still missing. */
  const [tried, setTried] = useState(false);
  const create = useCreateDataset();
  const change = (changes: Partial<ImportForm>) => setForm((old) => ({ ...old, ...changes }));

  const adapter = adapters.find(({ name }) => name === form.adapter) ?? null;
  const name = form.name ?? suggestedName(form, adapter, taken);
  const problems = findProblems(form, name, taken);
  const shown = tried ? problems : {};
  // Typed values are judged at once, missing ones only after an attempt.
  const nameProblem = form.name === null ? shown.name : problems.name;

  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    setTried(true);
    if (adapter && Object.keys(problems).length === 0) {
      create.mutate(requestOf(form, adapter, name), { onSuccess: onStarted });
    } else {
      const sheet = event.currentTarget;
      // After the problems are drawn: the first one comes into sight, on low windows too.
      requestAnimationFrame(() => showFirstProblem(sheet));
    }
  };

  return (
    <form onSubmit={submit} noValidate>
      <div className={classes.columns}>
        <div className={classes.adapters}>
          <AdapterChoice
            adapters={adapters}
            chosen={form.adapter}
            onChoose={(chosen) => change({ adapter: chosen })}
            problem={shown.adapter}
          />
        </div>
        <section className={classes.part} aria-labelledby="import-layout">
          <h3 id="import-layout">What is expected</h3>
          {adapter ? (
            <AdapterLayout adapter={adapter} />
          ) : (
            <p className={classes.hint}>
              Choose a data set to see which files and folders belong to it, as they are after
              unpacking the download.
            </p>
          )}
        </section>
        <section className={classes.part} aria-labelledby="import-folder">
          <h3 id="import-folder">2. Which folder on the server?</h3>
          <p className={classes.hint}>
            Open the folder that has what is expected directly in it. The folder that is open is the
            one that will be read. Nothing in it is changed or copied, so it must stay where it is.
          </p>
          {shown.path && (
            <p className={classes.problem} role="alert">
              {shown.path}
            </p>
          )}
          <FolderBrowser path={form.path} onOpen={(path) => change({ path })} />
        </section>
      </div>
      {adapter?.kind === "generic" && (
        <ColumnFields adapter={adapter} adapters={adapters} form={form} onChange={change} />
      )}
      <div className={classes.bottom}>
        <TextInput
          className={classes.name}
          label="3. Name"
          description="Small letters, digits and hyphens."
          value={name}
          error={nameProblem}
          spellCheck={false}
          onChange={(event) => change({ name: event.currentTarget.value })}
        />
        <SplitFields form={form} problem={problems.fractions} onChange={change} />
      </div>
      {create.isError && (
        <Notice tone="error" title="The import was not started" live>
          {messageOf(create.error)}
        </Notice>
      )}
      <div className={classes.actions}>
        <Button variant="default" onClick={onClose}>
          Close
        </Button>
        <Button type="submit" loading={create.isPending}>
          Start the import
        </Button>
      </div>
    </form>
  );
}

function showFirstProblem(sheet: HTMLElement): void {
  const problem = sheet.querySelector<HTMLElement>('[role="alert"], [aria-invalid="true"]');
  problem?.scrollIntoView({ block: "center" });
  problem?.focus();
}
