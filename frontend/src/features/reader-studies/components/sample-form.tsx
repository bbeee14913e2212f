import { ActionIcon, Button, NativeSelect, NumberInput, Tooltip } from "@mantine/core";
import { IconArrowsShuffle } from "@tabler/icons-react";
import { useState } from "react";
import { messageOf } from "../../../shared/api/api-error";
import type { StudyCandidateQuery, StudySample, StudySampling } from "../../../shared/api/types";
import { Notice } from "../../../shared/components/notice";
import { useDrawSample } from "../api/draw-sample";
import { newSeed } from "../lib/design";
import { withDrawn } from "../lib/sampling";
import type { ImagesStepProps } from "../lib/step-props";
import classes from "./images-step.module.css";
import steps from "./steps.module.css";

interface SampleFormProps extends ImagesStepProps {
  query: StudyCandidateQuery;
}

/** So many images at random of those that match, evenly over classes or data sets. */
export function SampleForm({ query, design, edit, known }: SampleFormProps) {
  const [count, setCount] = useState(20);
  const [strata, setStrata] = useState<StudySampling["strata"]>("class");
  const [seed, setSeed] = useState(design.sampling.seed ?? design.order.seed);
  const sample = useDrawSample();
  const draw = () =>
    sample.mutate(
      { ...query, count, strata, seed, leave_out: [...design.cases] },
      {
        onSuccess: (drawn) => {
          known.learn(drawn.items);
          edit((old) => withDrawn(old, drawn));
        },
      },
    );
  return (
    <>
      <form
        className={classes.draw}
        aria-label="Draw at random"
        onSubmit={(event) => {
          event.preventDefault();
          draw();
        }}
      >
        <NumberInput
          className={classes.short}
          size="xs"
          label="Images"
          min={1}
          max={1000}
          value={count}
          onChange={(value) => typeof value === "number" && value >= 1 && setCount(value)}
        />
        <NativeSelect
          size="xs"
          label="Evenly over"
          data={[
            { value: "class", label: "classes" },
            { value: "dataset", label: "data sets" },
            { value: "none", label: "nothing: plainly at random" },
          ]}
          value={strata}
          onChange={({ currentTarget: { value } }) => setStrata(value as StudySampling["strata"])}
        />
        <NumberInput
          className={classes.seed}
          size="xs"
          label="Seed"
          min={0}
          max={2 ** 31 - 1}
          hideControls
          value={seed}
          rightSection={
            <Tooltip label="Another seed">
              <ActionIcon
                variant="subtle"
                color="gray"
                size={22}
                aria-label="Another seed for the sample"
                onClick={() => setSeed(newSeed())}
              >
                <IconArrowsShuffle size={14} aria-hidden />
              </ActionIcon>
            </Tooltip>
          }
          onChange={(value) => typeof value === "number" && setSeed(value)}
        />
        <Button
          type="submit"
          variant="default"
          loading={sample.isPending}
          disabled={query.source === "dataset" && !query.dataset_id}
        >
          Draw at random
        </Button>
      </form>
      {sample.isError && (
        <Notice tone="error" title="Nothing was drawn" live>
          {messageOf(sample.error)}
        </Notice>
      )}
      {sample.data && (
        <p className={steps.hint} role="status">
          {drawnWords(sample.data)}
        </p>
      )}
    </>
  );
}

function drawnWords({ items, short }: StudySample): string {
  const lacking = Object.entries(short).filter(([, missing]) => missing > 0);
  const drawn = `${items.length} ${items.length === 1 ? "image was" : "images were"} drawn and added.`;
  return lacking.length === 0
    ? drawn
    : `${drawn} There were too few of: ${lacking
        .map(([stratum, missing]) => `${stratum || "unknown class"} (${missing} missing)`)
        .join(", ")}.`;
}
