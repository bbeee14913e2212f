import { ConfusionTable } from "../../features/agreement/components/confusion-table";
import { DisagreementTable } from "../../features/agreement/components/disagreement-table";
import { InterventionTable } from "../../features/agreement/components/intervention-table";
import { SubjectTable } from "../../features/agreement/components/subject-table";
import { type Subject, subjectOf } from "../../features/agreement/lib/subjects";
import type { Agreement } from "../../shared/api/types";
import { Section } from "../../shared/components/section";
import { formatCount } from "../../shared/lib/format";
import page from "../shell/page.module.css";
import classes from "./agreement-report.module.css";

interface AgreementReportProps {
  agreement: Agreement;
  subjects: readonly Subject[];
  /** Key of the one that is looked at; null: all. */
  group: string | null;
  withAuthor: boolean;
  /** Of this page, looking at a group. */
  addressOf: (key: string | null) => string;
}

export function AgreementReport(props: AgreementReportProps) {
  const { agreement, subjects, group, withAuthor, addressOf } = props;
  const shown = subjects.filter(({ key }) => group === null || key === group);
  const marked = shown.filter(({ labelled }) => labelled > 0);
  const found = agreement.disagreements.filter(
    (entry) => group === null || subjectOf(entry) === group,
  );
  const names = new Map(subjects.map(({ key, name }) => [key, name]));
  const listed = agreement.disagreements.length;
  return (
    <div className={classes.report}>
      {agreement.left_out > 0 && (
        <p className={classes.leftOut}>
          Left out: {formatCount(agreement.left_out)} more{" "}
          {agreement.left_out === 1 ? "label" : "labels"} of these cases, which mark nothing that
          this model knows, or are older than the most that are compared at once.
        </p>
      )}
      <div className={classes.columns}>
        <Section
          title="Same answer"
          hint="Each label against the model's latest prediction of the case, where the person marked the group. Kappa is agreement beyond chance: 1 is always the same, 0 is what chance would give; a dash stands where it is not defined, as where all answers are one."
        >
          <SubjectTable subjects={subjects} chosen={group} addressOf={addressOf} />
        </Section>
        <Section
          title="Before and after interventions"
          hint="How often the model's class is the class that the person marked; only labels with a class count. The person's class is taken for the truth here, which it need not be."
        >
          <InterventionTable interventions={agreement.interventions} />
        </Section>
      </div>
      <Section
        title="Who says what"
        hint="Rows are what people marked, columns what the model says, numbered as the rows are. On the diagonal, in blue, both say the same; the fuller the colour, the more labels."
      >
        {marked.length === 0 ? (
          <p className={page.nothing}>Nobody has marked this group yet.</p>
        ) : (
          <div className={classes.confusions}>
            {marked.map((subject) => (
              <ConfusionTable key={subject.key} subject={subject} />
            ))}
          </div>
        )}
      </Section>
      <Section
        title="Disagreements"
        hint={
          listed < agreement.disagreement_count
            ? `${formatCount(listed)} of ${formatCount(agreement.disagreement_count)} are listed; the downloaded labels have all of them.`
            : undefined
        }
      >
        {found.length === 0 ? (
          <p className={page.nothing}>
            {group === null
              ? "None: wherever somebody marked something, the model says the same."
              : "None in this group."}
          </p>
        ) : (
          <DisagreementTable disagreements={found} names={names} withAuthor={withAuthor} />
        )}
      </Section>
    </div>
  );
}
