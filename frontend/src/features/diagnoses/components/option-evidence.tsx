import type {
  ConceptFlag,
  OptionAgreement,
  OptionDiagnosis,
  ScoreDistribution,
} from "../../../shared/api/types";
import { Notice } from "../../../shared/components/notice";
import { formatNumber } from "../../../shared/lib/format";
import type { Evidence } from "../lib/evidence";
import { FLAG_MEANINGS, FLAG_NAMES, flagNumber } from "../lib/words";
import { EvidenceImages } from "./evidence-images";
import { LabelFigures, PeopleFigures } from "./label-figures";
import { LocalizationWords, PatchFigures, WeightFigures } from "./model-figures";
import classes from "./option-evidence.module.css";
import { Part } from "./part";
import { ScoreStrips } from "./score-strips";

interface OptionEvidenceProps {
  evidence: Evidence;
  option: OptionDiagnosis;
  /** In the order of the concept set. */
  conceptClasses: readonly { key: string; name: string }[];
  localizable: boolean;
  /** People's labels against this option; undefined: not read yet, or nobody may. */
  people: OptionAgreement | undefined;
}

/** Everything that a diagnosis says of one option, flags first. */
export function OptionEvidence(props: OptionEvidenceProps) {
  const { evidence, option, conceptClasses, localizable, people } = props;
  const flags = evidence.flags.get(option.id) ?? [];
  const sheet = evidence.sheets.get(option.id);
  const group = evidence.groups.get(option.id.split(".")[0] ?? "");
  const nameOf = (key: string) => conceptClasses.find((entry) => entry.key === key)?.name ?? key;
  return (
    <div className={classes.evidence}>
      {flags.length > 0 && (
        <div className={classes.flags}>
          {flags.map((flag) => (
            <FlagNotice
              key={`${flag.kind} ${flag.sign}`}
              flag={flag}
              rule={evidence.result.rules[flag.kind]}
            />
          ))}
        </div>
      )}
      {sheet && sheet.tiles.length > 0 && (
        <Part title="Images at both ends">
          <EvidenceImages key={option.id} sheet={sheet} nameOf={nameOf} />
        </Part>
      )}
      <Part title="Scores by class">
        <ScoreStrips strips={stripsOf(option, nameOf)} />
        <p className={classes.dim}>
          Mark: median; box: middle half; pale: 5 to 95 %; line: 1 to 99 %. Over all images{" "}
          {spread(option.scores)}.
        </p>
      </Part>
      <Part title="Can it be read from the score">
        <LabelFigures option={option} settings={evidence.result.settings} />
      </Part>
      <Part title="People's labels">
        <PeopleFigures people={people} />
      </Part>
      <Part title="Patches and attention">
        <PatchFigures option={option} group={group} groups={evidence.groups.size} />
      </Part>
      <Part title="Weight in the decision">
        <WeightFigures option={option} all={evidence.result.options} />
      </Part>
      <Part title="Where it is seen (Grad-CAM)">
        <LocalizationWords option={option} localizable={localizable} />
      </Part>
    </div>
  );
}

function spread({ mean, deviation }: ScoreDistribution): string {
  return `${formatNumber(mean)} on average, standard deviation ${formatNumber(deviation)}`;
}

function stripsOf({ by_class }: OptionDiagnosis, nameOf: (key: string) => string) {
  return Object.entries(by_class).map(([key, scores]) => ({ key, name: nameOf(key), scores }));
}

function FlagNotice({ flag, rule }: { flag: ConceptFlag; rule: string | undefined }) {
  const { value, against } = flagNumber(flag);
  return (
    <Notice tone="warning" title={`${FLAG_NAMES[flag.kind]}: ${value}, ${against}`}>
      {FLAG_MEANINGS[flag.kind]} {reasonOf(flag)}
      {rule && (
        <details className={classes.rule}>
          <summary>The rule</summary>
          {rule}
        </details>
      )}
    </Notice>
  );
}

/** The server's sentence without the kind that the title says already. */
function reasonOf({ reason, kind }: ConceptFlag): string {
  const plain = reason.replace(new RegExp(`^${FLAG_NAMES[kind]}: `), "");
  return `${plain.charAt(0).toUpperCase()}${plain.slice(1)}.`;
}
