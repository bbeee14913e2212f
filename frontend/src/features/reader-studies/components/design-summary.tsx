import { type ReactNode, useMemo } from "react";
import type { StudyArm, StudyRead, StudyTask } from "../../../shared/api/types";
import { Section } from "../../../shared/components/section";
import { formatCount } from "../../../shared/lib/format";
import { classCounts } from "../lib/design";
import { GRRAS_FIELDS } from "../lib/grras";
import { samplingWords } from "../lib/sampling";
import type { Sources } from "../lib/step-props";
import { classesOf } from "../lib/truth";
import { count, LIVE_WORDS, SEPARATION_WORDS, SHAM_WORDS, TASK_WORDS } from "../lib/words";
import { letter } from "./arms-step";
import classes from "./design-summary.module.css";
import { OrderPicture } from "./order-picture";
import { PlanWords } from "./plan-words";

interface DesignSummaryProps {
  study: StudyRead;
  sources: Pick<Sources, "models" | "datasets">;
}

/** The design, to be read: of a published study, or for somebody who only looks on. */
export function DesignSummary({ study, sources }: DesignSummaryProps) {
  const { design } = study;
  return (
    <div className={classes.summary}>
      <Section title="Question">
        <p>{design.question || "No question was written."}</p>
      </Section>
      <Section title="Images">
        <Images study={study} sources={sources} />
      </Section>
      <Section title="Arms">
        <ol className={classes.list}>
          {design.arms.map((arm, at) => (
            <li key={arm.key}>
              <strong>
                {letter(at)}: {arm.name}
              </strong>{" "}
              · {armWords(arm, sources.models)}
            </li>
          ))}
        </ol>
      </Section>
      <Section title="Tasks">
        {design.tasks.map((task) => (
          <Task key={task.key} task={task} arms={design.arms} />
        ))}
      </Section>
      <Section title="Order">
        <p>
          <strong>{SEPARATION_WORDS[design.order.separation].name}.</strong>{" "}
          {SEPARATION_WORDS[design.order.separation].words}
        </p>
        <OrderPicture design={design} />
        <p>
          {design.order.separation === "sessions" && `Washout ${design.order.washout_days} days. `}
          {Math.round(100 * design.order.repeats)} % hidden repeats, at least {design.order.gap}{" "}
          items between two of one image, {design.order.by_task ? "task by task" : "tasks mixed"},
          seed {design.order.seed}.
        </p>
        <PlanWords plan={study.plan} />
      </Section>
      <Section title="Reading and access">
        <Facts
          entries={[
            ["Idle after", `${design.reading.idle_seconds} s`],
            ["Progress", design.reading.show_progress ? "shown to readers" : "not shown"],
            [
              "Corrections",
              design.reading.amend_answers ? "allowed, with a reason" : "not allowed",
            ],
            ["Profile", design.reading.ask_profile ? "asked for" : "not asked for"],
            ["Results before closing", LIVE_WORDS[design.access.live_results]],
          ]}
        />
      </Section>
      <Section title="GRRAS">
        <Facts
          entries={GRRAS_FIELDS.map(({ key, label }) => [label, design.grras[key] || "not given"])}
        />
      </Section>
    </div>
  );
}

function Images({ study: { design }, sources }: DesignSummaryProps) {
  const names = useMemo(() => classesOf(design, sources), [design, sources]);
  const practice = design.cases.filter((ref) => ref.practice).length;
  return (
    <>
      <p>{samplingWords(design)}</p>
      <Facts
        entries={[
          ...[...classCounts(design.cases)].map(([key, number]): [string, string] => [
            key === "" ? "Class not known" : (names.find((each) => each.key === key)?.name ?? key),
            formatCount(number),
          ]),
          ["For practice", formatCount(practice)],
        ]}
      />
    </>
  );
}

function Task({ task, arms }: { task: StudyTask; arms: readonly StudyArm[] }) {
  const names = arms.filter(({ key }) => task.arm_keys.includes(key)).map(({ name }) => name);
  const concepts = task.kind === "localization" || task.kind === "alignment";
  const extra = task.questions.map(({ text }) => text);
  return (
    <div className={classes.task}>
      <h3>{task.title}</h3>
      <p>{TASK_WORDS[task.kind].words}</p>
      {task.instructions && <p className={classes.quote}>{task.instructions}</p>}
      <Facts
        entries={[
          ["Arms", names.join(", ")],
          ...(concepts
            ? [["Of each image", count(task.concepts_per_case, "concept", "concepts")] as const]
            : []),
          ...(task.kind === "localization"
            ? [
                [
                  "Ratings",
                  task.anchors.map((words, at) => `${at + 1} ${words}`).join(" · "),
                ] as const,
              ]
            : []),
          ...(task.kind === "alignment"
            ? [["Distractors", String(task.distractors)] as const]
            : []),
          ...(extra.length > 0 ? [["Further questions", extra.join(" · ")] as const] : []),
          ["“Cannot judge”", task.cannot_judge ? "allowed" : "not allowed"],
        ]}
      />
    </div>
  );
}

function Facts({ entries }: { entries: readonly (readonly [string, ReactNode])[] }) {
  return (
    <dl className={classes.facts}>
      {entries.map(([term, words]) => (
        <div key={term}>
          <dt>{term}</dt>
          <dd>{words}</dd>
        </div>
      ))}
    </dl>
  );
}

function armWords(arm: StudyArm, models: Sources["models"]): string {
  if (!arm.model_version_id) {
    return "the image alone";
  }
  const model = models.find(({ id }) => id === arm.model_version_id)?.name ?? "a model";
  const map = arm.map === "magnet" ? "Magnet" : arm.map === "gradcam" ? "Grad-CAM" : "no map";
  const parts = [model, map];
  if (arm.sham) {
    parts.push(`sham: ${SHAM_WORDS[arm.sham].name.toLowerCase()}`);
  }
  if (arm.show_prediction) {
    parts.push("with its prediction");
  }
  if (arm.show_concepts) {
    parts.push("with its concepts");
  }
  return parts.join(", ");
}
