import { Autocomplete, Button, Select, TextInput } from "@mantine/core";
import { type SubmitEvent, useState } from "react";
import { DownloadLinks } from "../../../shared/components/download-links";
import bar from "../../../shared/components/filter-bar.module.css";
import { type AuditFilters, exportAddress } from "../lib/filters";
import { actionWords } from "../lib/words";
import classes from "./filter-bar.module.css";

interface FilterBarProps {
  filters: AuditFilters;
  /** Actions that occur. */
  actions: readonly string[];
  /** E-mails to choose from; others may be typed. */
  actors: readonly string[];
  onChange: (filters: AuditFilters) => void;
}

const NONE: AuditFilters = { actor: "", action: "", subject: "", since: "", until: "" };

/** Which events. Give it the filters as key, so that the fields follow the address. */
export function FilterBar({ filters, actions, actors, onChange }: FilterBarProps) {
  const [form, setForm] = useState(filters);
  const change = (changes: Partial<AuditFilters>) => setForm({ ...form, ...changes });
  const isSet = Object.values(filters).some((value) => value !== "");
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    onChange(form);
  };
  return (
    <form className={bar.bar} onSubmit={submit} aria-label="Filter">
      <Autocomplete
        className={classes.actor}
        size="xs"
        label="Person"
        placeholder="Everybody"
        data={[...actors, "system", "anonymous"]}
        value={form.actor}
        onChange={(actor) => change({ actor })}
      />
      <Select
        className={classes.action}
        label="Action"
        placeholder="All"
        searchable
        clearable
        clearButtonProps={{ "aria-label": "All actions" }}
        data={[...new Set([...actions, ...(form.action ? [form.action] : [])])].map((action) => ({
          value: action,
          label: actionWords(action),
        }))}
        value={form.action || null}
        onChange={(action) => {
          change({ action: action ?? "" });
          onChange({ ...form, action: action ?? "" });
        }}
      />
      <TextInput
        className={classes.subject}
        label="Subject"
        placeholder="case/… or case/*"
        spellCheck={false}
        value={form.subject}
        onChange={(event) => change({ subject: event.currentTarget.value })}
      />
      <TextInput
        type="date"
        label="From"
        value={form.since}
        onChange={(event) => change({ since: event.currentTarget.value })}
      />
      <TextInput
        type="date"
        label="Until"
        value={form.until}
        onChange={(event) => change({ until: event.currentTarget.value })}
      />
      <Button type="submit" variant="default">
        Filter
      </Button>
      {isSet && (
        <Button variant="subtle" color="gray" onClick={() => onChange(NONE)}>
          Show all
        </Button>
      )}
      <div className={bar.end}>
        <DownloadLinks
          files={[
            { format: "CSV", address: exportAddress(filters, "csv") },
            { format: "JSON Lines", address: exportAddress(filters, "jsonl") },
          ]}
        />
      </div>
    </form>
  );
}
