import { Button } from "@mantine/core";
import { useDisclosure, useDocumentTitle } from "@mantine/hooks";
import { IconPlus } from "@tabler/icons-react";
import { useNavigate } from "react-router";
import { useCreateDemonstration } from "../../features/reader-studies/api/create-demonstration";
import { useStudies } from "../../features/reader-studies/api/list-studies";
import { NewStudyDialog } from "../../features/reader-studies/components/new-study-dialog";
import { StudyTable } from "../../features/reader-studies/components/study-table";
import { useMay } from "../../shared/account/account-context";
import { messageOf } from "../../shared/api/api-error";
import { Busy } from "../../shared/components/busy";
import { Notice } from "../../shared/components/notice";
import { QueryError } from "../../shared/components/query-error";
import { Needs } from "../shell/needs";
import page from "../shell/page.module.css";
import { PageBar } from "../shell/page-bar";

export function ReaderStudiesPage() {
  return (
    <Needs permission="studies:read" what="Reader studies">
      <AllStudies />
    </Needs>
  );
}

/** All studies that one runs or observes, and the ways to begin one. */
function AllStudies() {
  useDocumentTitle("Studies · Vitrine");
  const mayWrite = useMay("studies:write");
  const studies = useStudies();
  const navigate = useNavigate();
  const [opened, dialog] = useDisclosure(false);
  const demonstration = useCreateDemonstration();
  const openDemonstration = () =>
    demonstration.mutate(undefined, {
      onSuccess: ({ id }) => void navigate(`/studies/${id}`),
    });
  const listed = studies.data ?? [];
  return (
    <div className={page.page}>
      <PageBar
        title="Studies"
        count={studies.data?.length}
        actions={
          mayWrite && (
            <>
              {listed.length > 0 && !listed.some((each) => each.demonstration) && (
                <Button
                  variant="default"
                  loading={demonstration.isPending}
                  onClick={openDemonstration}
                >
                  Open the demonstration
                </Button>
              )}
              <Button leftSection={<IconPlus size={15} />} onClick={dialog.open}>
                New study
              </Button>
            </>
          )
        }
      />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and the keyboard must be able to */}
      <section className={page.content} aria-label="Reader studies" tabIndex={0}>
        {demonstration.isError && (
          <div className={page.notice}>
            <Notice tone="error" title="The demonstration was not made" live>
              {messageOf(demonstration.error)}
            </Notice>
          </div>
        )}
        <Content
          studies={studies}
          mayWrite={mayWrite}
          making={demonstration.isPending}
          onNew={dialog.open}
          onDemonstration={openDemonstration}
        />
      </section>
      <NewStudyDialog
        opened={opened}
        onClose={dialog.close}
        studies={listed}
        onCreated={({ id }) => void navigate(`/studies/${id}`)}
      />
    </div>
  );
}

interface ContentProps {
  studies: ReturnType<typeof useStudies>;
  mayWrite: boolean;
  making: boolean;
  onNew: () => void;
  onDemonstration: () => void;
}

function Content({ studies, ...rest }: ContentProps) {
  if (studies.isPending) {
    return <Busy>Loading the studies</Busy>;
  }
  if (studies.isError) {
    return (
      <div className={page.notice}>
        <QueryError
          title="The studies could not be read"
          error={studies.error}
          onRetry={() => void studies.refetch()}
        />
      </div>
    );
  }
  if (studies.data.length === 0) {
    return <NoStudies {...rest} />;
  }
  return <StudyTable studies={studies.data} onDeleted={() => undefined} />;
}

function NoStudies({ mayWrite, making, onNew, onDemonstration }: Omit<ContentProps, "studies">) {
  return (
    <div className={page.empty}>
      <h2>No study yet</h2>
      <p>
        A reader study asks experts what explanations are worth: whether a map lies on its concept,
        which concept a map shows, whether diagnoses become better. Readers answer on their own, in
        an order of their own that was drawn beforehand, and know neither model nor arm nor truth.
      </p>
      <p>
        You design a study in steps, with a preview as the reader will see it. Publishing freezes
        the protocol under a version and a hash; results stay hidden until the study is closed.
      </p>
      {mayWrite ? (
        <>
          <p>
            The demonstration is a small study on the example images, published at once, with the
            answers of two simulated readers: you see its results. Invite yourself to read in it,
            and you see it as a reader does.
          </p>
          <div style={{ display: "flex", flexWrap: "wrap", gap: 6 }}>
            <Button leftSection={<IconPlus size={15} />} onClick={onNew}>
              New study
            </Button>
            <Button variant="default" loading={making} onClick={onDemonstration}>
              Open the demonstration
            </Button>
          </div>
        </>
      ) : (
        <p>Studies that you are asked to observe appear here.</p>
      )}
    </div>
  );
}
