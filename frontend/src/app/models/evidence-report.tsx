import { useLocation } from "react-router";
import { ConceptTable } from "../../features/evidence/components/concept-table";
import { EvidenceSummary } from "../../features/evidence/components/evidence-summary";
import { Limits } from "../../features/evidence/components/limits";
import { MeasuredTable } from "../../features/evidence/components/measured-table";
import { TrustTests } from "../../features/evidence/components/trust-tests";
import { limitsOf } from "../../features/evidence/lib/numbers";
import type { Evidence } from "../../shared/api/types";
import { CopyField } from "../../shared/components/copy-field";
import { Section } from "../../shared/components/section";
import classes from "./model-card-page.module.css";

/** What was measured: what it does not say first, then the decision, the concepts, and the tests of the explanations. */
export function EvidenceReport({ evidence }: { evidence: Evidence }) {
  const { hash } = useLocation();
  const { decision, concepts, tests, command } = evidence;
  return (
    <>
      <section aria-label="Summary">
        <EvidenceSummary evidence={evidence} />
        <Limits limits={limitsOf(evidence)} />
      </section>
      <Section
        title="Decision"
        hint="Of the class, with 95 % bootstrap intervals over the images, copies of one image or patient drawn together."
      >
        <MeasuredTable caption="Decision" figures={decision} />
      </Section>
      <Section
        title="Concepts"
        hint="By the lower end of the interval of skill = (accuracy − chance) / (1 − chance): good from 0.6, limited above 0, poor below; unverified where nobody read the labels in the images, or in fewer than 20 of them. The dashed mark is chance, or a map that always points to the centre."
      >
        <ConceptTable concepts={concepts} linked={hash === "" ? null : hash.slice(1)} />
      </Section>
      <Section
        title="Can the explanations be trusted?"
        hint="Questions that an explanation could fail, each with its answer."
      >
        <TrustTests tests={tests} />
      </Section>
      <Section title="Repeat it" hint="The same figures, from the command line of the server.">
        <div className={classes.command}>
          <CopyField label="Command" value={command} />
        </div>
      </Section>
    </>
  );
}
