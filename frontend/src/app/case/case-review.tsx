import { useDocumentTitle } from "@mantine/hooks";
import { useNavigate } from "react-router";
import { CaseFacts } from "../../features/cases/components/case-facts";
import { DeleteCaseButton } from "../../features/cases/components/delete-case-button";
import { NotesField } from "../../features/cases/components/notes-field";
import { RemovedButton } from "../../features/intake/components/removed-button";
import { ReviewStage } from "../../features/intake/components/review-stage";
import { WaitingNotice } from "../../features/intake/components/waiting-notice";
import { useRequestPrediction } from "../../features/predictions/api/create-prediction";
import type { Case } from "../../shared/api/types";
import classes from "./case-page.module.css";
import { CaseSharing } from "./case-sharing";
import { CaseTopBar } from "./case-top-bar";

interface CaseReviewProps {
  entry: Case;
  onReviewed: () => void;
}

/** A case whose pixels a person has to look at first. Afterwards it is explained, as after an upload. */
export function CaseReview({ entry, onReviewed }: CaseReviewProps) {
  useDocumentTitle(`${entry.pseudonym} · Vitrine`);
  const explain = useRequestPrediction();
  return (
    <div className={classes.page}>
      <CaseTopBar entry={entry} prediction={null} modelChoice={null} />
      {entry.may_change ? (
        <ReviewStage
          entry={entry}
          onReviewed={() => {
            onReviewed();
            explain(entry.id);
          }}
        >
          <AboutCase entry={entry} />
        </ReviewStage>
      ) : (
        <WaitingNotice entry={entry}>
          <CaseFacts entry={entry} removed={<RemovedButton entry={entry} />} />
        </WaitingNotice>
      )}
    </div>
  );
}

function AboutCase({ entry }: { entry: Case }) {
  const navigate = useNavigate();
  return (
    <>
      <CaseSharing entry={entry} />
      <NotesField entry={entry} />
      <CaseFacts entry={entry} removed={<RemovedButton entry={entry} />} />
      <div className={classes.actions}>
        <DeleteCaseButton entry={entry} onDeleted={() => void navigate("/")} />
      </div>
    </>
  );
}
