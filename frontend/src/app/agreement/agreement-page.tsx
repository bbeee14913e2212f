import { useDocumentTitle } from "@mantine/hooks";
import { useMemo } from "react";
import { Link, useSearchParams } from "react-router";
import { useAgreement } from "../../features/agreement/api/get-agreement";
import { QuestionBar } from "../../features/agreement/components/question-bar";
import {
  groupIn,
  type Question,
  readQuestion,
  writeQuestion,
} from "../../features/agreement/lib/question";
import { subjects as subjectsOf } from "../../features/agreement/lib/subjects";
import { useMay } from "../../shared/account/account-context";
import type { Agreement } from "../../shared/api/types";
import { Busy } from "../../shared/components/busy";
import { QueryError } from "../../shared/components/query-error";
import { Tag } from "../../shared/components/tag";
import { formatCount } from "../../shared/lib/format";
import { Needs } from "../shell/needs";
import page from "../shell/page.module.css";
import { PageBar } from "../shell/page-bar";
import { AgreementReport } from "./agreement-report";

export function AgreementPage() {
  return (
    <Needs permission="cases:read" what="Agreement">
      <PeopleAndModel />
    </Needs>
  );
}

/** Where people and a model say the same; what is compared stands in the address, to be kept and sent. */
function PeopleAndModel() {
  useDocumentTitle("Agreement · Vitrine");
  const [address, setAddress] = useSearchParams();
  const question = useMemo(() => readQuestion(address), [address]);
  const agreement = useAgreement(question);
  const change = (next: Question) => setAddress(writeQuestion(next), { replace: true });
  const asksForMore = question.model !== null || question.mine;
  const hasLabels = agreement.data !== undefined && agreement.data.models.length > 0;
  return (
    <div className={page.page}>
      <PageBar title="Agreement of people and models" open={hasLabels}>
        {agreement.data && <Extent agreement={agreement.data} />}
      </PageBar>
      {agreement.isPending && <Busy>Comparing people and models</Busy>}
      {agreement.isError && (
        <div className={page.notice}>
          <QueryError
            title="The agreement could not be read"
            error={agreement.error}
            onRetry={() => void agreement.refetch()}
          />
          {asksForMore && (
            <p>
              <Link to="/agreement">Begin again with all labels</Link>
            </p>
          )}
        </div>
      )}
      {agreement.data && (
        <Compared agreement={agreement.data} question={question} onChange={change} />
      )}
    </div>
  );
}

/** How much all of the page is based on. */
function Extent({ agreement: { labels, cases, model } }: { agreement: Agreement }) {
  if (labels === 0) {
    return null;
  }
  return (
    <>
      <span className={page.count}>
        {formatCount(labels)} {labels === 1 ? "label" : "labels"} of {formatCount(cases)}{" "}
        {cases === 1 ? "case" : "cases"}
      </span>
      {model?.synthetic && <Tag>Synthetic images</Tag>}
    </>
  );
}

interface ComparedProps {
  agreement: Agreement;
  question: Question;
  onChange: (question: Question) => void;
}

function Compared({ agreement, question, onChange }: ComparedProps) {
  const seesAll = useMay("labels:read");
  const subjects = useMemo(() => subjectsOf(agreement), [agreement]);
  const group = groupIn(agreement, question.group);
  if (agreement.models.length === 0 && !question.mine) {
    return <NoLabels />;
  }
  return (
    <>
      <QuestionBar
        agreement={agreement}
        question={{ ...question, group }}
        subjects={subjects}
        mayChooseWhose={seesAll}
        onChange={onChange}
      />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and the keyboard must be able to */}
      <section className={page.content} aria-label="Comparison" tabIndex={0}>
        {agreement.labels === 0 ? (
          <p className={page.nothing}>
            {question.mine
              ? "You have marked nothing in cases of this model yet."
              : "Nobody has marked anything in cases of this model yet."}
          </p>
        ) : (
          <AgreementReport
            agreement={agreement}
            subjects={subjects}
            group={group}
            withAuthor={seesAll && !question.mine}
            addressOf={(key) => `?${writeQuestion({ ...question, group: key })}`}
          />
        )}
      </section>
    </>
  );
}

function NoLabels() {
  const seesAll = useMay("labels:read");
  return (
    <div className={page.empty}>
      <h2>No labels yet</h2>
      <p>
        A label is what a person sees in a case: the true option of each group, and the true class.
        Open a <Link to="/">case</Link> that has been explained, and mark it under “What you see”.
        Here you then find how often the model says the same, where it does not, and what it would
        have said with the right concepts.
      </p>
      <p>
        {seesAll
          ? "Your role sees the labels of everybody."
          : "You see your own labels here, and nobody else's."}
      </p>
    </div>
  );
}
