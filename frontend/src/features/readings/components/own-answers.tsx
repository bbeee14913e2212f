import { Button } from "@mantine/core";
import { useState } from "react";
import type { ReadingRead, ReadingResponse } from "../../../shared/api/types";
import { Busy } from "../../../shared/components/busy";
import table from "../../../shared/components/data-table.module.css";
import { QueryError } from "../../../shared/components/query-error";
import { Section } from "../../../shared/components/section";
import { formatDateTime } from "../../../shared/lib/format";
import { useResponses } from "../api/list-responses";
import { answerWords } from "../lib/words";
import { AmendDialog } from "./amend-dialog";
import classes from "./reading.module.css";

const PAGE = 50;

/** One's own locked answers, newest first; where the study allows it, with a way to correct them. */
export function OwnAnswers({ reading }: { reading: ReadingRead }) {
  const responses = useResponses(reading.study_id);
  const [shown, setShown] = useState(PAGE);
  const [amending, setAmending] = useState<ReadingResponse | null>(null);
  const mayAmend = reading.amend_answers && reading.status !== "closed";
  const all = responses.data ?? [];
  return (
    <Section
      title="Your answers"
      hint={
        reading.amend_answers
          ? "Answers are locked. A correction with its reason is kept beside the answer; results use the answer."
          : "Answers are locked. If one is wrong, ask the coordinator below."
      }
    >
      {responses.isPending && <Busy>Loading your answers</Busy>}
      {responses.isError && (
        <QueryError
          title="Your answers could not be loaded"
          error={responses.error}
          onRetry={() => void responses.refetch()}
        />
      )}
      {responses.data?.length === 0 && (
        <p className={classes.dim}>You have answered nothing yet.</p>
      )}
      {all.length > 0 && (
        <div className={table.scroll}>
          <table className={table.table}>
            <thead>
              <tr>
                <th scope="col">Item</th>
                <th scope="col">Answer</th>
                <th scope="col">Submitted</th>
                <th scope="col">Corrections</th>
              </tr>
            </thead>
            <tbody>
              {all.slice(0, shown).map((response) => (
                <tr key={response.id}>
                  <th scope="row" className={table.line}>
                    {reading.sessions.length > 1 && `Session ${response.session}, `}
                    {response.number}
                    {response.practice && " (practice)"}
                  </th>
                  <td>
                    <Given response={response} />
                  </td>
                  <td className={table.line}>{formatDateTime(response.submitted_at)}</td>
                  <td className={table.line}>
                    {response.amendments > 0 ? response.amendments : "None"}
                    {mayAmend && (
                      <Button
                        variant="subtle"
                        size="compact-xs"
                        ml="xs"
                        aria-label={`Correct the answer to item ${response.number}`}
                        onClick={() => setAmending(response)}
                      >
                        Correct …
                      </Button>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {all.length > shown && (
        <Button variant="default" size="compact-sm" mt="xs" onClick={() => setShown(shown + PAGE)}>
          Show older ones
        </Button>
      )}
      {amending && (
        <AmendDialog
          studyId={reading.study_id}
          response={amending}
          onClose={() => setAmending(null)}
        />
      )}
    </Section>
  );
}

function Given({ response }: { response: ReadingResponse }) {
  const { answers, cannot_judge: cannot, comment } = response;
  return (
    <ul className={classes.given}>
      {cannot && <li>Could not be judged</li>}
      {Object.entries(answers).map(([key, answer]) => (
        <li key={key}>
          <span>{answerWords(key)}:</span> {answer}
        </li>
      ))}
      {comment && (
        <li>
          <span>Comment:</span> {comment}
        </li>
      )}
    </ul>
  );
}
