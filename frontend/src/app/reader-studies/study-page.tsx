import { Button, Tabs } from "@mantine/core";
import { useDisclosure, useDocumentTitle } from "@mantine/hooks";
import { IconArrowLeft, IconCopy } from "@tabler/icons-react";
import { Link, useNavigate, useParams } from "react-router";
import { useStudy } from "../../features/reader-studies/api/get-study";
import { AnswerProgress } from "../../features/reader-studies/components/answer-progress";
import { DeleteStudyButton } from "../../features/reader-studies/components/delete-study-button";
import { NewStudyDialog } from "../../features/reader-studies/components/new-study-dialog";
import { StudyStatus } from "../../features/reader-studies/components/study-status";
import { StudyResultsTab } from "../../features/study-results/components/study-results-tab";
import { StudyProtocolTab } from "../../features/study-running/components/study-protocol-tab";
import { StudyQueriesTab } from "../../features/study-running/components/study-queries-tab";
import { StudyReadersTab } from "../../features/study-running/components/study-readers-tab";
import { useMay } from "../../shared/account/account-context";
import { ApiError } from "../../shared/api/api-error";
import type { StudyRead } from "../../shared/api/types";
import { Busy } from "../../shared/components/busy";
import { QueryError } from "../../shared/components/query-error";
import { Tag } from "../../shared/components/tag";
import { Needs } from "../shell/needs";
import { NotFoundPage } from "../shell/not-found-page";
import { DesignTab } from "./design-tab";
import classes from "./study-page.module.css";

export function StudyPage() {
  return (
    <Needs permission="studies:read" what="Reader studies">
      <OneStudy />
    </Needs>
  );
}

function OneStudy() {
  const { studyId = "" } = useParams();
  const study = useStudy(studyId);
  if (study.data) {
    // A page of its own for each study: what was typed into one must never show in another.
    return <LoadedStudy key={studyId} study={study.data} />;
  }
  if (study.isError) {
    return study.error instanceof ApiError && [404, 422].includes(study.error.status) ? (
      <NotFoundPage />
    ) : (
      <div className={classes.notice}>
        <QueryError
          title="The study could not be read"
          error={study.error}
          onRetry={() => void study.refetch()}
        />
      </div>
    );
  }
  return <Busy>Loading the study</Busy>;
}

const TABS = ["design", "readers", "questions", "results", "protocol"] as const;

/** A study with its parts, each at an address of its own. */
function LoadedStudy({ study }: { study: StudyRead }) {
  useDocumentTitle(`${study.title} · Studies · Vitrine`);
  const { tab } = useParams();
  const navigate = useNavigate();
  const shown = TABS.find((each) => each === tab) ?? "design";
  const open = study.open_queries;
  return (
    <div className={classes.page}>
      <Heading study={study} />
      <Tabs
        className={classes.tabs}
        value={shown}
        keepMounted={false}
        onChange={(next) =>
          void navigate(`/studies/${study.id}${next === "design" ? "" : `/${next}`}`)
        }
      >
        <Tabs.List className={classes.list}>
          <Tabs.Tab value="design">Design</Tabs.Tab>
          <Tabs.Tab value="readers">Readers ({study.readers})</Tabs.Tab>
          <Tabs.Tab value="questions">Questions{open > 0 && ` (${open} open)`}</Tabs.Tab>
          <Tabs.Tab value="results">Results</Tabs.Tab>
          <Tabs.Tab value="protocol">Protocol</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="design" className={classes.design}>
          <DesignTab study={study} />
        </Tabs.Panel>
        <Tabs.Panel value="readers" className={classes.panel}>
          <StudyReadersTab study={study} />
        </Tabs.Panel>
        <Tabs.Panel value="questions" className={classes.panel}>
          <StudyQueriesTab study={study} />
        </Tabs.Panel>
        <Tabs.Panel value="results" className={classes.panel}>
          <StudyResultsTab study={study} />
        </Tabs.Panel>
        <Tabs.Panel value="protocol" className={classes.panel}>
          <StudyProtocolTab study={study} />
        </Tabs.Panel>
      </Tabs>
    </div>
  );
}

function Heading({ study }: { study: StudyRead }) {
  const mayWrite = useMay("studies:write");
  const navigate = useNavigate();
  const [copying, dialog] = useDisclosure(false);
  return (
    <div className={classes.bar}>
      <Link to="/studies" className={classes.back} aria-label="Back to the studies">
        <IconArrowLeft size={16} aria-hidden />
      </Link>
      <h1 className={classes.title}>{study.title}</h1>
      {study.demonstration && <Tag>Demonstration</Tag>}
      <span role="status">
        <StudyStatus status={study.status} />
      </span>
      {study.expected > 0 && <AnswerProgress study={study} />}
      <div className={classes.actions}>
        {mayWrite && (
          <Button
            variant="default"
            leftSection={<IconCopy size={14} aria-hidden />}
            onClick={dialog.open}
          >
            Copy to a new draft …
          </Button>
        )}
        <DeleteStudyButton study={study} onDeleted={() => void navigate("/studies")} />
      </div>
      <NewStudyDialog
        opened={copying}
        onClose={dialog.close}
        studies={[study]}
        copyOf={study.id}
        onCreated={({ id }) => {
          dialog.close();
          void navigate(`/studies/${id}`);
        }}
      />
    </div>
  );
}
