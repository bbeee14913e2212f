import { ActionIcon, Checkbox, NumberInput, Tooltip } from "@mantine/core";
import { IconArrowsShuffle } from "@tabler/icons-react";
import type { StudyOrder } from "../../../shared/api/types";
import { newSeed } from "../lib/design";
import { problemAt } from "../lib/problems";
import type { StepProps } from "../lib/step-props";
import { SEPARATION_WORDS } from "../lib/words";
import { ChoiceCards } from "./choice-cards";
import { Field } from "./field";
import { OrderPicture } from "./order-picture";
import { PlanWords } from "./plan-words";
import classes from "./steps.module.css";

const CHOICES = Object.entries(SEPARATION_WORDS).map(([value, words]) => ({
  value: value as StudyOrder["separation"],
  ...words,
}));

/** Who sees what when, and how often. */
export function OrderStep({ study, design, edit, problems }: StepProps) {
  const { order } = design;
  const change = (changes: Partial<StudyOrder>) =>
    edit((old) => ({ ...old, order: { ...old.order, ...changes } }));
  const wrong = (field: string) => problemAt(problems, `order.${field}`);
  const number = (field: "washout_days" | "gap" | "seed") => (value: string | number) =>
    typeof value === "number" && change({ [field]: value });
  return (
    <div className={classes.step} data-field="order">
      <Field path="order.separation" problems={problems}>
        <ChoiceCards
          legend="How readers meet the arms"
          choices={CHOICES}
          value={order.separation}
          problem={wrong("separation")}
          onChoose={(separation) => change({ separation })}
        />
      </Field>
      <OrderPicture design={design} />
      <div className={classes.triple}>
        {order.separation === "sessions" && (
          <Field path="order.washout_days" problems={problems}>
            <NumberInput
              size="xs"
              label="Washout, days"
              description="The next session opens so long after the last answer; the server holds to it."
              min={0}
              max={365}
              value={order.washout_days}
              error={wrong("washout_days")}
              onChange={number("washout_days")}
            />
          </Field>
        )}
        <Field path="order.repeats" problems={problems}>
          <NumberInput
            size="xs"
            label="Hidden repeats, %"
            description="Of a session’s items, shown again later: how far readers agree with themselves."
            min={0}
            max={50}
            value={Math.round(100 * order.repeats)}
            error={wrong("repeats")}
            onChange={(value) => typeof value === "number" && change({ repeats: value / 100 })}
          />
        </Field>
        <Field path="order.gap" problems={problems}>
          <NumberInput
            size="xs"
            label="Items between"
            description="At least so many between two of one image, where that is possible."
            min={0}
            max={50}
            value={order.gap}
            error={wrong("gap")}
            onChange={number("gap")}
          />
        </Field>
        <Field path="order.seed" problems={problems}>
          <NumberInput
            size="xs"
            label="Seed"
            description="The same design and seed always give the same orders."
            min={0}
            max={2 ** 31 - 1}
            value={order.seed}
            error={wrong("seed")}
            hideControls
            rightSection={
              <Tooltip label="Draw another">
                <ActionIcon
                  variant="subtle"
                  color="gray"
                  size={22}
                  aria-label="Draw another seed"
                  onClick={() => change({ seed: newSeed() })}
                >
                  <IconArrowsShuffle size={14} aria-hidden />
                </ActionIcon>
              </Tooltip>
            }
            onChange={number("seed")}
          />
        </Field>
      </div>
      <Checkbox
        size="xs"
        label="One task after the other"
        description="Otherwise the items of all tasks are mixed."
        checked={order.by_task}
        onChange={({ currentTarget: { checked } }) => change({ by_task: checked })}
      />
      <PlanWords plan={study.plan} />
    </div>
  );
}
