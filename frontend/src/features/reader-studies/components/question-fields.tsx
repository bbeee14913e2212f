import { ActionIcon, Button, Checkbox, TextInput } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import type { FreeQuestion, StudyProblem } from "../../../shared/api/types";
import { freeKey, newQuestion, replaced } from "../lib/design";
import { problemAt } from "../lib/problems";
import { AnchorFields } from "./anchor-fields";
import { Said } from "./field";
import classes from "./steps.module.css";

interface QuestionFieldsProps {
  questions: readonly FreeQuestion[];
  /** Of the task. */
  path: string;
  problems: readonly StudyProblem[];
  onChange: (questions: FreeQuestion[]) => void;
}

const MOST = 12;
const MOST_OPTIONS = 9;
const KINDS = [
  { kind: "likert", name: "Likert 1 to 5" },
  { kind: "choice", name: "Choice" },
  { kind: "text", name: "Text" },
] as const;

/** Further questions about an item, below those that the task brings with it. */
export function QuestionFields({ questions, path, problems, onChange }: QuestionFieldsProps) {
  return (
    <fieldset className={classes.set} data-field={`${path}.questions`}>
      <legend>Further questions</legend>
      <Said path={`${path}.questions`} problems={problems} />
      <ol className={classes.list}>
        {questions.map((question, at) => (
          <OneQuestion
            key={question.key}
            question={question}
            number={at + 1}
            path={`${path}.questions.${at}`}
            problems={problems}
            onChange={(changes) => onChange(replaced(questions, at, changes))}
            onRemove={() => onChange(questions.filter((_, place) => place !== at))}
          />
        ))}
      </ol>
      <div className={classes.buttons}>
        {KINDS.map(({ kind, name }) => (
          <Button
            key={kind}
            variant="default"
            size="compact-xs"
            leftSection={<IconPlus size={13} aria-hidden />}
            disabled={questions.length >= MOST}
            onClick={() => onChange([...questions, newQuestion(kind, questions)])}
          >
            {name}
          </Button>
        ))}
      </div>
    </fieldset>
  );
}

interface OneQuestionProps {
  question: FreeQuestion;
  number: number;
  path: string;
  problems: readonly StudyProblem[];
  onChange: (changes: Partial<FreeQuestion>) => void;
  onRemove: () => void;
}

function OneQuestion(props: OneQuestionProps) {
  const { question, number, path, problems, onChange, onRemove } = props;
  const kind = KINDS.find((each) => each.kind === question.kind)?.name;
  return (
    <li className={classes.card} data-field={path}>
      <div className={classes.head} data-field={`${path}.text`}>
        <TextInput
          style={{ flex: 1, minWidth: 200 }}
          label={`Question ${number} (${kind})`}
          maxLength={200}
          value={question.text}
          error={problemAt(problems, `${path}.text`)}
          onChange={({ currentTarget: { value } }) => onChange({ text: value })}
        />
        <Checkbox
          size="xs"
          label="Needs an answer"
          checked={question.required}
          onChange={({ currentTarget: { checked } }) => onChange({ required: checked })}
        />
        <ActionIcon
          variant="default"
          size={26}
          aria-label={`Take question ${number} out`}
          onClick={onRemove}
        >
          <IconTrash size={14} aria-hidden />
        </ActionIcon>
      </div>
      {question.kind === "likert" && (
        <AnchorFields
          legend={`Question ${number}: what the points mean`}
          anchors={question.anchors}
          path={`${path}.anchors`}
          problem={problemAt(problems, `${path}.anchors`)}
          onChange={(anchors) => onChange({ anchors })}
        />
      )}
      {question.kind === "choice" && <OptionFields {...props} />}
    </li>
  );
}

function OptionFields({ question, number, path, problems, onChange }: OneQuestionProps) {
  const { options } = question;
  return (
    <fieldset className={classes.set} data-field={`${path}.options`}>
      <legend>Question {number}: answers to choose from</legend>
      {options.map((option, at) => (
        <div key={option.key} className={classes.anchor} data-field={`${path}.options.${at}`}>
          <span aria-hidden>{at + 1}</span>
          <TextInput
            aria-label={`Question ${number}: answer ${at + 1}`}
            maxLength={200}
            value={option.text}
            error={problemAt(problems, `${path}.options.${at}.text`)}
            onChange={({ currentTarget: { value } }) =>
              onChange({ options: replaced(options, at, { text: value }) })
            }
          />
          <ActionIcon
            variant="default"
            size={26}
            aria-label={`Question ${number}: take answer ${at + 1} out`}
            onClick={() => onChange({ options: options.filter((_, place) => place !== at) })}
          >
            <IconTrash size={14} aria-hidden />
          </ActionIcon>
        </div>
      ))}
      <Said path={`${path}.options`} problems={problems} />
      <Button
        style={{ justifySelf: "start" }}
        variant="default"
        size="compact-xs"
        leftSection={<IconPlus size={13} aria-hidden />}
        disabled={options.length >= MOST_OPTIONS}
        onClick={() =>
          onChange({
            options: [
              ...options,
              { key: freeKey(`option-${options.length + 1}`, options), text: "" },
            ],
          })
        }
      >
        Answer
      </Button>
    </fieldset>
  );
}
