import { Button } from "@mantine/core";
import { IconUserPlus } from "@tabler/icons-react";
import { useState } from "react";
import type { StudyRead } from "../../../shared/api/types";
import { QueryError } from "../../../shared/components/query-error";
import { Section } from "../../../shared/components/section";
import { useReaderCandidates } from "../api/list-reader-candidates";
import { useStudyReaders } from "../api/list-study-readers";
import { useMayRun } from "../lib/may-run";
import { InviteReaderDialog } from "./invite-reader-dialog";
import { Loaded } from "./loaded";
import { MemberSection } from "./member-section";
import { ReaderTable } from "./reader-table";
import classes from "./running.module.css";
import { StatusSection } from "./status-section";

/** Who reads and how far they are, whether the study is open, and who runs it. */
export function StudyReadersTab({ study }: { study: StudyRead }) {
  const mayRun = useMayRun(study);
  const readers = useStudyReaders(study.id);
  const candidates = useReaderCandidates(mayRun);
  const [inviting, setInviting] = useState(false);
  const mayInvite = mayRun && study.status !== "closed";
  const known = readers.data ?? [];
  const free = (candidates.data ?? []).filter(
    ({ email }) => !known.some((reader) => reader.email === email),
  );
  return (
    <div className={classes.tab}>
      <Section
        title="Readers"
        hint="Codes stand in results and exports instead of names. Of the answers you see here only how many there are."
        actions={
          mayInvite && (
            <Button
              leftSection={<IconUserPlus size={15} />}
              disabled={candidates.isPending || readers.isPending}
              onClick={() => setInviting(true)}
            >
              Invite a reader
            </Button>
          )
        }
      >
        <Loaded query={readers} what="readers">
          {(items) =>
            items.length === 0 ? (
              <p className={classes.text}>
                Nobody reads yet. {mayInvite && "Invite readers now or after publication."}
              </p>
            ) : (
              <ReaderTable study={study} readers={items} mayRun={mayRun} />
            )
          }
        </Loaded>
      </Section>
      {candidates.isError && (
        <div className={classes.notice}>
          <QueryError
            title="The accounts to choose from could not be read"
            error={candidates.error}
            onRetry={() => void candidates.refetch()}
          />
        </div>
      )}
      {/* Closing done, nothing asks on: with another status it begins anew. */}
      <StatusSection key={study.status} study={study} mayRun={mayRun} />
      <MemberSection
        study={study}
        mayRun={mayRun}
        candidates={candidates.data ?? []}
        readers={known}
      />
      {inviting && (
        <InviteReaderDialog study={study} candidates={free} onClose={() => setInviting(false)} />
      )}
    </div>
  );
}
