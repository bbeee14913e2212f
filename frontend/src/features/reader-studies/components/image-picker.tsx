import { Button, MultiSelect, NativeSelect, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useState } from "react";
import type { Dataset, StudyCandidateQuery } from "../../../shared/api/types";
import { Busy } from "../../../shared/components/busy";
import { QueryError } from "../../../shared/components/query-error";
import { formatCount } from "../../../shared/lib/format";
import { useCandidates } from "../api/find-candidates";
import { refKey } from "../lib/design";
import { withAll, withoutCase, withPicked } from "../lib/sampling";
import type { ImagesStepProps } from "../lib/step-props";
import { CandidateGrid } from "./candidate-grid";
import classes from "./images-step.module.css";
import { SampleForm } from "./sample-form";
import steps from "./steps.module.css";

const CASES = "cases";
const QUIET_MILLISECONDS = 300;
const SPLITS = [
  { value: "test", label: "Test split" },
  { value: "validation", label: "Validation split" },
  { value: "train", label: "Training split" },
];

/** What there is to choose from: a filter, a draw at random, thumbnails to pick by hand. */
export function ImagePicker(props: ImagesStepProps) {
  const { design, edit, sources, known } = props;
  const [query, setQuery] = useState<StudyCandidateQuery>({
    source: "cases",
    dataset_id: null,
    split: "test",
    search: "",
    classes: [],
  });
  const change = (changes: Partial<StudyCandidateQuery>) =>
    setQuery((old) => ({ ...old, ...changes }));
  const [asked] = useDebouncedValue(query, QUIET_MILLISECONDS);
  const found = useCandidates(asked);
  const dataset = sources.datasets.find(({ id }) => id === query.dataset_id);
  const from =
    query.source === "cases"
      ? "cases"
      : `data set ${dataset?.name ?? query.dataset_id}, split ${query.split}`;
  const chosen = new Set(design.cases.map(refKey));
  const items = found.data?.items ?? [];
  const rest = items.filter(({ ref }) => !chosen.has(refKey(ref)));
  const whole = found.data !== undefined && found.data.total === items.length && isWhole(asked);
  return (
    <section className={classes.part} aria-label="Images to choose from">
      <h3 className={steps.title}>Images to choose from</h3>
      <Filters
        query={query}
        dataset={dataset}
        datasets={sources.datasets}
        known={found.data?.by_class ?? {}}
        onChange={change}
      />
      <SampleForm query={query} {...props} />
      {found.isPending ? (
        <Busy>Looking for images</Busy>
      ) : found.isError ? (
        <QueryError
          title="The images could not be read"
          error={found.error}
          onRetry={() => void found.refetch()}
        />
      ) : items.length === 0 ? (
        <p className={steps.hint}>{nothing(query)}</p>
      ) : (
        <>
          <div className={steps.buttons}>
            <span className={steps.hint} role="status">
              {foundWords(items.length, found.data.total)}
            </span>
            <div className={steps.end}>
              <Button
                variant="default"
                size="compact-xs"
                disabled={rest.length === 0}
                onClick={() => {
                  known.learn(rest);
                  const refs = rest.map(({ ref }) => ref);
                  const add = whole ? withAll : withPicked;
                  edit((old) => add(old, refs, from));
                }}
              >
                {`Take all ${formatCount(items.length)}`}
              </Button>
            </div>
          </div>
          <CandidateGrid
            items={items}
            chosen={chosen}
            onToggle={(item) => {
              known.learn([item]);
              const key = refKey(item.ref);
              edit((old) =>
                old.cases.some((ref) => refKey(ref) === key)
                  ? withoutCase(old, key)
                  : withPicked(old, [item.ref], from),
              );
            }}
          />
        </>
      )}
    </section>
  );
}

const isWhole = ({ search, classes: wanted }: StudyCandidateQuery) =>
  search === "" && wanted.length === 0;

function nothing({ search, classes: wanted, source }: StudyCandidateQuery): string {
  if (search !== "" || wanted.length > 0) {
    return "No image matches the filter.";
  }
  return source === "cases"
    ? "There are no cases yet. Add some, or choose a data set."
    : "This split has no images.";
}

function foundWords(shown: number, total: number): string {
  return shown < total
    ? `${formatCount(total)} match; the first ${formatCount(shown)} are shown`
    : `${formatCount(total)} ${total === 1 ? "image" : "images"}`;
}

interface FiltersProps {
  query: StudyCandidateQuery;
  dataset: Dataset | undefined;
  datasets: readonly Dataset[];
  /** How many there are of each class. */
  known: Record<string, number>;
  onChange: (changes: Partial<StudyCandidateQuery>) => void;
}

function Filters({ query, dataset, datasets, known, onChange }: FiltersProps) {
  const names =
    dataset?.classes ?? [...new Set([...Object.keys(known), ...query.classes])].map(asClass);
  return (
    <div className={classes.filters}>
      <NativeSelect
        size="xs"
        label="From"
        data={[
          { value: CASES, label: "Cases" },
          ...datasets.map(({ id, title, name }) => ({ value: id, label: `${title} (${name})` })),
        ]}
        value={query.source === "cases" ? CASES : (query.dataset_id ?? "")}
        onChange={({ currentTarget: { value } }) =>
          onChange(
            value === CASES
              ? { source: "cases", dataset_id: null, classes: [] }
              : { source: "dataset", dataset_id: value, classes: [] },
          )
        }
      />
      <NativeSelect
        size="xs"
        label="Split"
        disabled={query.source === "cases"}
        data={SPLITS}
        value={query.split}
        onChange={({ currentTarget: { value } }) => onChange({ split: value as "test" })}
      />
      <TextInput
        label="Name contains"
        maxLength={200}
        value={query.search}
        onChange={({ currentTarget: { value } }) => onChange({ search: value })}
      />
      <MultiSelect
        label="Only these classes"
        data={names
          .filter(({ key }) => key !== "")
          .map(({ key, name }) => ({
            value: key,
            label: known[key] === undefined ? name : `${name} (${known[key]})`,
          }))}
        value={query.classes}
        clearable
        onChange={(wanted) => onChange({ classes: wanted })}
      />
    </div>
  );
}

const asClass = (key: string) => ({ key, name: key });
