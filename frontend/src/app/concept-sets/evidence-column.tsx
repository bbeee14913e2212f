import type { ReactNode } from "react";
import { Link } from "react-router";
import { findGroup, findOption, optionId } from "../../features/concept-sets/lib/content";
import type { Editor } from "../../features/concept-sets/lib/editor";
import { selectionOf } from "../../features/concept-sets/lib/selection";
import { FlagBadges } from "../../features/diagnoses/components/flag-badges";
import { OptionEvidence } from "../../features/diagnoses/components/option-evidence";
import { type Evidence, FLAG_KINDS } from "../../features/diagnoses/lib/evidence";
import { FLAG_NAMES } from "../../features/diagnoses/lib/words";
import { useMay } from "../../shared/account/account-context";
import type { ConceptSetContent } from "../../shared/api/types";
import { Busy } from "../../shared/components/busy";
import { Notice } from "../../shared/components/notice";
import { QueryError } from "../../shared/components/query-error";
import { formatNumber, formatPercent } from "../../shared/lib/format";
import { isUnended } from "../../shared/lib/job-status";
import classes from "./evidence-column.module.css";
import type { EvidenceState } from "./use-evidence";

interface EvidenceColumnProps {
  editor: Editor;
  state: EvidenceState;
}

/** What the chosen model shows about whatever is selected. */
export function EvidenceColumn({ editor, state }: EvidenceColumnProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and the keyboard must be able to
    <section className={classes.column} aria-label="Evidence" tabIndex={0}>
      <Content editor={editor} state={state} />
    </section>
  );
}

function Content({ editor, state }: EvidenceColumnProps) {
  const { model, mayRead, diagnoses, detail, evidence } = state;
  const mayTrain = useMay("training:write");
  if (!model) {
    return (
      <Words title="No model uses this set">
        {mayTrain
          ? "Train one with it; then its evidence stands here beside each option."
          : "Once a model is trained with it, its evidence stands here beside each option."}
      </Words>
    );
  }
  if (!mayRead) {
    return (
      <Words title="Evidence is not for your role">
        It is read by those who may look at data sets.
      </Words>
    );
  }
  if (evidence) {
    return <Found editor={editor} state={state} evidence={evidence} />;
  }
  if (diagnoses.isError || detail.isError) {
    return (
      <div className={classes.notice}>
        <QueryError
          title="The evidence could not be read"
          error={diagnoses.error ?? detail.error}
          onRetry={() => {
            void diagnoses.refetch();
            void detail.refetch();
          }}
        />
      </div>
    );
  }
  if (diagnoses.isPending || detail.isFetching) {
    return <Busy>Loading the evidence</Busy>;
  }
  if (diagnoses.data?.some(isUnended)) {
    return (
      <Words title={`${model.name} is being diagnosed`}>
        Its evidence appears here by itself. You may leave this page: the diagnosis goes on.
      </Words>
    );
  }
  return (
    <Words title={`No evidence of ${model.name} yet`}>
      A diagnosis lets the model look at a split of a data set and collects, for each option, what
      it has learned of it.
      {mayTrain ? " Start one above." : " Researchers and administrators can start one."}
    </Words>
  );
}

function Words({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className={classes.words}>
      <h2>{title}</h2>
      <p>{children}</p>
    </div>
  );
}

interface FoundProps extends EvidenceColumnProps {
  evidence: Evidence;
}

function Found({ editor, state, evidence }: FoundProps) {
  const { selection, content } = editor;
  if (selection.kind === "set") {
    return <Flagged editor={editor} evidence={evidence} />;
  }
  if (selection.kind === "group") {
    return <GroupEvidence editor={editor} evidence={evidence} group={selection.group} />;
  }
  const id = optionId(selection.group, selection.option);
  const option = evidence.options.get(id);
  if (!option) {
    return (
      <Words title="New: no evidence before a training">
        {state.model?.name} does not have the option <code>{id}</code>. Evidence is found by the key
        of the group and the option.
      </Words>
    );
  }
  const now = findOption(content, selection.group, selection.option)?.text.trim();
  const own = ownWords(state.own?.content, selection.group, selection.option);
  return (
    <>
      {own !== undefined && own !== now && (
        <div className={classes.notice}>
          <Notice tone="info" title="The model knows it in other words">
            “{own}”. The evidence is of those.
          </Notice>
        </div>
      )}
      <OptionEvidence
        evidence={evidence}
        option={option}
        conceptClasses={content.classes}
        localizable={findGroup(content, selection.group)?.localizable ?? false}
        people={state.people.find(({ option_id }) => option_id === id)}
      />
    </>
  );
}

function ownWords(
  content: ConceptSetContent | undefined,
  group: string,
  option: string,
): string | undefined {
  return content && findOption(content, group, option)?.text;
}

/** With nothing selected: every flag of the model, each a way to its option. */
function Flagged({ editor, evidence }: { editor: Editor; evidence: Evidence }) {
  const { flags, rules } = evidence.result;
  if (flags.length === 0) {
    return (
      <Words title="No option is flagged">
        Select an option to see its evidence: images, scores, labels, patches and weights.
      </Words>
    );
  }
  return (
    <div className={classes.words}>
      <h2>Flagged options</h2>
      <ul className={classes.flags}>
        {flags.map((flag) => {
          const at = selectionOf(flag.option);
          const there =
            at.kind === "option" && findOption(editor.content, at.group, at.option) !== undefined;
          return (
            <li key={`${flag.option} ${flag.kind} ${flag.sign}`}>
              {there ? (
                <button type="button" className={classes.link} onClick={() => editor.select(at)}>
                  {flag.option}
                </button>
              ) : (
                <span>{flag.option} (not in this draft)</span>
              )}
              <p>{flag.reason}</p>
            </li>
          );
        })}
      </ul>
      <h2>Rules</h2>
      {FLAG_KINDS.filter((kind) => rules[kind]).map((kind) => (
        <p key={kind}>
          <strong>{FLAG_NAMES[kind]}:</strong> {rules[kind]}
        </p>
      ))}
    </div>
  );
}

interface GroupEvidenceProps {
  editor: Editor;
  evidence: Evidence;
  group: string;
}

function GroupEvidence({ editor, evidence, group }: GroupEvidenceProps) {
  const found = evidence.groups.get(group);
  if (!found) {
    return (
      <Words title="New: no evidence before a training">
        The model does not have the group <code>{group}</code>.
      </Words>
    );
  }
  const options = findGroup(editor.content, group)?.options ?? [];
  return (
    <div className={classes.words}>
      <h2>The group in the model</h2>
      <p>
        It takes {formatPercent(found.magnet_mass)} of the Magnet's attention; an even share of{" "}
        {evidence.groups.size} groups is {formatPercent(1 / evidence.groups.size)}. The entropy of
        its attention is {formatNumber(found.magnet_entropy)} of the largest possible.
      </p>
      <p>
        {found.codes.length === 0
          ? "No code of the codebook is counted to it."
          : `Codes counted to it: ${found.codes.join(", ")}, with ${formatPercent(found.assignment_ratio)} of an even assignment of patches.`}{" "}
        <Link
          className={classes.link}
          to={`/models/${evidence.diagnosis.model_version_id}/codebook`}
        >
          Look at the codebook
        </Link>
      </p>
      <h2>Its options</h2>
      <ul className={classes.flags}>
        {options.map(({ key, text }) => {
          const id = optionId(group, key);
          return (
            <li key={key}>
              <button
                type="button"
                className={classes.link}
                onClick={() => editor.select({ kind: "option", group, option: key })}
              >
                {text.trim() || key}
              </button>{" "}
              {evidence.options.has(id) ? (
                <FlagBadges flags={evidence.flags.get(id) ?? []} />
              ) : (
                "new, no evidence"
              )}
            </li>
          );
        })}
      </ul>
    </div>
  );
}
