import { Button } from "@mantine/core";
import { useDisclosure, useDocumentTitle } from "@mantine/hooks";
import { IconPlus } from "@tabler/icons-react";
import { useNavigate } from "react-router";
import { useConceptSets } from "../../features/concept-sets/api/list-concept-sets";
import { ConceptSetTable } from "../../features/concept-sets/components/concept-set-table";
import { NewSetDialog } from "../../features/concept-sets/components/new-set-dialog";
import { useMay } from "../../shared/account/account-context";
import { Busy } from "../../shared/components/busy";
import { QueryError } from "../../shared/components/query-error";
import { Needs } from "../shell/needs";
import page from "../shell/page.module.css";
import { PageBar } from "../shell/page-bar";

export function ConceptSetsPage() {
  return (
    <Needs permission="models:read" what="Concept sets">
      <AllSets />
    </Needs>
  );
}

/** What models may reason with, and the way to more of it. */
function AllSets() {
  useDocumentTitle("Concept sets · Vitrine");
  const may = useMay("concepts:write");
  const navigate = useNavigate();
  const sets = useConceptSets();
  const [opened, dialog] = useDisclosure(false);
  return (
    <div className={page.page}>
      <PageBar
        title="Concept sets"
        count={sets.data?.length}
        actions={
          may && (
            <Button leftSection={<IconPlus size={15} aria-hidden />} onClick={dialog.open}>
              New concept set
            </Button>
          )
        }
      />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and the keyboard must be able to */}
      <section className={page.content} aria-label="All concept sets" tabIndex={0}>
        <Content sets={sets} />
      </section>
      <NewSetDialog
        opened={opened}
        onClose={dialog.close}
        sets={sets.data ?? []}
        onCreated={(revision) => void navigate(`/concept-sets/${revision.concept_set_id}`)}
      />
    </div>
  );
}

function Content({ sets }: { sets: ReturnType<typeof useConceptSets> }) {
  if (sets.isPending) {
    return <Busy>Loading the concept sets</Busy>;
  }
  if (sets.isError) {
    return (
      <div className={page.notice}>
        <QueryError
          title="The concept sets could not be read"
          error={sets.error}
          onRetry={() => void sets.refetch()}
        />
      </div>
    );
  }
  return sets.data.length > 0 ? (
    <ConceptSetTable sets={sets.data} />
  ) : (
    <div className={page.empty}>
      <h2>No concept set yet</h2>
      <p>
        A concept set says what a model may reason with: groups of findings, each with options of
        which one is present, and what is typical of each diagnosis. Researchers and administrators
        can bring one as a YAML file.
      </p>
    </div>
  );
}
