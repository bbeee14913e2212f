import { Button } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { messageOf } from "../../../shared/api/api-error";
import type { StudyProblem } from "../../../shared/api/types";
import { Confirm } from "../../../shared/components/confirm";
import { Notice } from "../../../shared/components/notice";
import { usePublishStudy } from "../api/publish-study";
import type { DesignDraft } from "../hooks/use-design-draft";
import { problemsOf, STEPS, type StepKey } from "../lib/problems";
import type { StepProps } from "../lib/step-props";
import { PlanWords } from "./plan-words";
import { ProblemList } from "./problem-list";
import classes from "./steps.module.css";

interface PublishStepProps extends StepProps {
  draft: DesignDraft;
  onGo: (step: StepKey, problem: StudyProblem) => void;
}

/** Everything that is missing, what freezes, and the button that does it. */
export function PublishStep({ study, problems, draft, onGo }: PublishStepProps) {
  const [opened, dialog] = useDisclosure(false);
  const publish = usePublishStudy(study.id);
  const blocked = problems.some(({ severity }) => severity === "error");
  const saved = draft.state.kind === "saved";
  const why = blocked
    ? "Mend the problems first."
    : saved
      ? null
      : "The draft has to be saved first.";
  return (
    <div className={classes.step}>
      {study.error && (
        <Notice tone="error" title="Publishing did not succeed; the study is a draft again">
          {study.error}
        </Notice>
      )}
      {problems.length === 0 ? (
        <Notice tone="info" title="Nothing is missing">
          The design is complete. Look at a few items as readers will see them before you publish.
        </Notice>
      ) : (
        <div className={classes.missing}>
          <h3 className={classes.title}>{blocked ? "What is missing" : "Worth a second look"}</h3>
          {STEPS.map((step) => {
            const found = problemsOf(step, problems);
            return (
              found.length > 0 && (
                <section key={step.key} aria-label={step.name}>
                  <p className={classes.hint}>{step.name}</p>
                  <ProblemList
                    label={`Problems: ${step.name}`}
                    problems={found}
                    onGo={(problem) => onGo(step.key, problem)}
                  />
                </section>
              )
            );
          })}
        </div>
      )}
      <PlanWords plan={study.plan} />
      <Freezes />
      {publish.isError && !opened && (
        <Notice tone="error" title="The study was not published" live>
          {messageOf(publish.error)}
        </Notice>
      )}
      <div className={classes.buttons}>
        <Button
          size="sm"
          disabled={why !== null}
          aria-describedby="publish-blocked"
          onClick={dialog.open}
        >
          Publish …
        </Button>
        <span id="publish-blocked" className={classes.hint}>
          {why}
        </span>
      </div>
      <Confirm
        opened={opened}
        onClose={() => {
          dialog.close();
          publish.reset();
        }}
        title={`Publish ${study.title}?`}
        confirm="Publish"
        keep="Not yet"
        failed="The study was not published"
        harmless
        pending={publish.isPending}
        error={publish.error}
        onConfirm={() => publish.mutate(undefined, { onSuccess: dialog.close })}
      >
        The design is frozen. The maps of all items are made now, which takes a while; then the
        study opens, and invited readers can begin.
      </Confirm>
    </div>
  );
}

function Freezes() {
  return (
    <div className={classes.freezes}>
      <h3 className={classes.title}>What publishing freezes</h3>
      <ul className={classes.hint}>
        <li>Images, arms, tasks, questions and their words, choices and maps.</li>
        <li>The protocol, as version 1, with a hash that anybody can check.</li>
        <li>Every reader’s order, drawn with the seed and stored.</li>
      </ul>
      <p className={classes.hint}>
        Afterwards only an amendment can change the title, instructions, GRRAS texts, washout,
        corrections and who sees results: with a reason, and as a new version. A published study
        cannot be deleted.
      </p>
    </div>
  );
}
