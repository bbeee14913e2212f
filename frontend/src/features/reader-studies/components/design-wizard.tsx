import { Button } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconArrowLeft, IconArrowRight, IconEye } from "@tabler/icons-react";
import { type ReactNode, useEffect, useRef, useState } from "react";
import type { StudyPreview, StudyProblem, StudyRead } from "../../../shared/api/types";
import { SaveState } from "../../../shared/components/save-state";
import type { DesignDraft } from "../hooks/use-design-draft";
import { useKnownImages } from "../hooks/use-known-images";
import { allProblems, problemsOf, STEPS, type Step, type StepKey } from "../lib/problems";
import type { Sources, StepProps } from "../lib/step-props";
import { AccessStep } from "./access-step";
import { ArmsStep } from "./arms-step";
import { ConflictNotice } from "./conflict-notice";
import classes from "./design-wizard.module.css";
import { ImagesStep } from "./images-step";
import { OrderStep } from "./order-step";
import { PreviewDialog } from "./preview-dialog";
import { ProblemList } from "./problem-list";
import { PublishStep } from "./publish-step";
import { QuestionStep } from "./question-step";
import { StepNav } from "./step-nav";
import { TasksStep } from "./tasks-step";

interface DesignWizardProps {
  study: StudyRead;
  draft: DesignDraft;
  sources: Sources;
  step: Step;
  onStep: (step: StepKey) => void;
  /** Leads to where readers are invited. */
  readersLink: ReactNode;
  renderItem: (item: StudyPreview) => ReactNode;
}

/** A draft, step by step; every step can be opened at any time, and the preview from everywhere. */
export function DesignWizard(props: DesignWizardProps) {
  const { study, draft, sources, step, onStep, readersLink, renderItem } = props;
  const [previewing, preview] = useDisclosure(false);
  const known = useKnownImages(study.id);
  const { content, goTo } = useGoTo(step, onStep);
  const problems = allProblems(study, draft.design, draft.state.kind === "unsaved");
  const mine = problemsOf(step, problems);
  const { design, edit, state, saveNow } = draft;
  const parts: StepProps = { study, design, edit, problems: mine, sources };
  const at = STEPS.findIndex(({ key }) => key === step.key);
  const [before, after] = [STEPS[at - 1], STEPS[at + 1]];
  return (
    <div className={classes.wizard}>
      <div className={classes.bar}>
        <StepNav current={step} problems={problems} onStep={onStep} />
        <div className={classes.state}>
          <SaveState state={state} onSave={() => void saveNow()} />
          <Button
            variant="default"
            leftSection={<IconEye size={15} aria-hidden />}
            onClick={() => {
              void saveNow();
              preview.open();
            }}
          >
            Preview
          </Button>
        </div>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and the keyboard must be able to */}
      <section ref={content} className={classes.content} aria-label={step.name} tabIndex={0}>
        {draft.conflict && <ConflictNotice draft={draft} conflict={draft.conflict} />}
        <h2 className={classes.title}>{step.name}</h2>
        {mine.length > 0 && (
          <ProblemList
            label={`Problems: ${step.name}`}
            problems={mine}
            onGo={(problem) => goTo(step.key, problem)}
          />
        )}
        {step.key === "question" && <QuestionStep {...parts} />}
        {step.key === "images" && <ImagesStep {...parts} known={known} />}
        {step.key === "arms" && <ArmsStep {...parts} />}
        {step.key === "tasks" && <TasksStep {...parts} />}
        {step.key === "order" && <OrderStep {...parts} />}
        {step.key === "access" && <AccessStep {...parts} readersLink={readersLink} />}
        {step.key === "publish" && (
          <PublishStep {...parts} problems={problems} draft={draft} onGo={goTo} />
        )}
        <div className={classes.ways}>
          {before && (
            <Button
              variant="default"
              leftSection={<IconArrowLeft size={14} aria-hidden />}
              onClick={() => onStep(before.key)}
            >
              {before.name}
            </Button>
          )}
          {after && (
            <Button
              variant="default"
              rightSection={<IconArrowRight size={14} aria-hidden />}
              onClick={() => onStep(after.key)}
            >
              {after.name}
            </Button>
          )}
        </div>
      </section>
      <PreviewDialog
        opened={previewing}
        onClose={preview.close}
        study={study}
        saved={state.kind === "saved"}
        unsaved={state.kind === "unsaved" ? state.problem : null}
        known={known}
        renderItem={renderItem}
      />
    </div>
  );
}

/** From a problem to its field: the step opens, and the field gets the focus once it is there. */
function useGoTo(step: Step, onStep: (step: StepKey) => void) {
  const content = useRef<HTMLElement>(null);
  const [wanted, setWanted] = useState<{ step: StepKey; field: string } | null>(null);
  useEffect(() => {
    if (wanted?.step === step.key && content.current) {
      setWanted(null);
      focusField(content.current, wanted.field);
    }
  }, [wanted, step.key]);
  // Another step begins at its top.
  // biome-ignore lint/correctness/useExhaustiveDependencies: with every step
  useEffect(() => {
    content.current?.scrollTo?.({ top: 0 });
  }, [step.key]);
  const goTo = (key: StepKey, { field }: StudyProblem) => {
    setWanted({ step: key, field });
    if (key !== step.key) {
      onStep(key);
    }
  };
  return { content, goTo };
}

/** Of `tasks.0.anchors.2` the nearest that there is: that field, else the task, else the list of tasks. */
function focusField(content: HTMLElement, field: string): void {
  const parts = field.split(".");
  for (let length = parts.length; length > 0; length -= 1) {
    const path = parts.slice(0, length).join(".");
    const found = content.querySelector<HTMLElement>(`[data-field="${path}"]`);
    if (found) {
      const input = found.querySelector<HTMLElement>("input, textarea, select, button");
      input?.focus();
      found.scrollIntoView({ block: "center" });
      return;
    }
  }
}
