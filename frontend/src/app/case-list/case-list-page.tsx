import { Button, FileButton, TextInput } from "@mantine/core";
import { useDebouncedValue, useDisclosure, useDocumentTitle } from "@mantine/hooks";
import { IconFolderPlus, IconPhotoPlus, IconSearch } from "@tabler/icons-react";
import { useState } from "react";
import { Link, useNavigate, useSearchParams } from "react-router";
import { type CaseFilter, useCaseList } from "../../features/cases/api/list-cases";
import { CaseTable } from "../../features/cases/components/case-table";
import { ExampleGallery } from "../../features/examples/components/example-gallery";
import { useRequestPrediction } from "../../features/predictions/api/create-prediction";
import { useMay } from "../../shared/account/account-context";
import { useModels } from "../../shared/api/list-models";
import type { Case } from "../../shared/api/types";
import { Busy } from "../../shared/components/busy";
import { Dialog } from "../../shared/components/dialog";
import { QueryError } from "../../shared/components/query-error";
import { formatCount } from "../../shared/lib/format";
import page from "../shell/page.module.css";
import { PageBar } from "../shell/page-bar";
import { useAddFiles } from "../shell/uploads-context";
import classes from "./case-list-page.module.css";

const WAITING_ADDRESS = "/?review=waiting";

/** All cases, and the two ways to get more: an upload or an example. */
export function CaseListPage() {
  useDocumentTitle("Cases · Vitrine");
  const [typed, setTyped] = useState("");
  const [search] = useDebouncedValue(typed.trim(), 250);
  const [galleryOpened, gallery] = useDisclosure(false);
  const [address] = useSearchParams();
  const review = address.get("review") === "waiting" ? "waiting" : null;
  const filter: CaseFilter = { search, review };
  const cases = useCaseList(filter);
  const total = cases.data?.pages[0]?.total ?? 0;
  const openExample = useOpenExample();
  const isEmptyInstallation = cases.isSuccess && total === 0 && search === "" && !review;
  const isCounted = cases.isSuccess && !isEmptyInstallation;

  return (
    <div className={page.page}>
      <PageBar
        title="Cases"
        count={isCounted ? countWords(total, filter) : undefined}
        actions={
          <>
            {!isEmptyInstallation && (
              <Button variant="default" onClick={gallery.open}>
                Examples
              </Button>
            )}
            <AddImages />
          </>
        }
      >
        <TextInput
          className={classes.search}
          type="search"
          aria-label="Search cases"
          placeholder="Search pseudonym, notes, file name"
          leftSection={<IconSearch size={14} />}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        <Waiting count={cases.data?.pages[0]?.waiting ?? 0} shown={review !== null} />
      </PageBar>
      <div className={page.content}>
        {isEmptyInstallation ? (
          <Welcome onExample={openExample} />
        ) : (
          <CaseListContent filter={filter} cases={cases} total={total} />
        )}
      </div>
      <Dialog
        opened={galleryOpened}
        onClose={gallery.close}
        title="Examples (synthetic images)"
        width={1060}
      >
        <ExampleGallery onCreated={openExample} />
      </Dialog>
    </div>
  );
}

function countWords(total: number, { search, review }: CaseFilter): number | string {
  const count = formatCount(total);
  return search ? `${count} found` : review ? `${count} waiting` : total;
}

function useOpenExample() {
  const requestPrediction = useRequestPrediction();
  const navigate = useNavigate();
  return (created: Case) => {
    requestPrediction(created.id);
    void navigate(`/cases/${created.id}`);
  };
}

/** Every browser has it, though no standard does. */
const FOLDER_INPUT = { webkitdirectory: "", multiple: true };

/** No file is greyed out: DICOM files often have no ending, and the server judges by content. */
function AddImages() {
  const addFiles = useAddFiles();
  return (
    <>
      <FileButton onChange={addFiles} inputProps={FOLDER_INPUT} multiple>
        {(props) => (
          <Button {...props} variant="default" leftSection={<IconFolderPlus size={15} />}>
            Add a folder
          </Button>
        )}
      </FileButton>
      <FileButton onChange={addFiles} multiple>
        {(props) => (
          <Button {...props} leftSection={<IconPhotoPlus size={15} />}>
            Add images
          </Button>
        )}
      </FileButton>
    </>
  );
}

interface CaseListContentProps {
  filter: CaseFilter;
  total: number;
  cases: ReturnType<typeof useCaseList>;
}

function CaseListContent({ filter, total, cases }: CaseListContentProps) {
  const models = useModels();
  const modelName = (id: string) => models.data?.find((model) => model.id === id)?.name ?? null;
  if (cases.isPending) {
    return <Busy>Loading the cases</Busy>;
  }
  if (cases.isError) {
    return (
      <div className={page.notice}>
        <QueryError
          title="The cases could not be read"
          error={cases.error}
          onRetry={() => void cases.refetch()}
        />
      </div>
    );
  }
  const shown = cases.data.pages.flatMap(({ items }) => items);
  if (shown.length === 0) {
    return <Nothing {...filter} />;
  }
  return (
    <>
      <CaseTable cases={shown} modelName={modelName} />
      <div className={page.paging}>
        <span>
          {shown.length} of {total}
        </span>
        {cases.hasNextPage && (
          <Button
            variant="default"
            loading={cases.isFetchingNextPage}
            onClick={() => void cases.fetchNextPage()}
          >
            Show more
          </Button>
        )}
      </div>
    </>
  );
}

/** How many of one's own wait for a person, and the way to them; there, the way back. */
function Waiting({ count, shown }: { count: number; shown: boolean }) {
  if (shown) {
    return (
      <span className={classes.waiting}>
        Only cases that wait for a look at their pixels. <Link to="/">Show all cases</Link>
      </span>
    );
  }
  return (
    count > 0 && (
      <Link className={classes.waiting} to={WAITING_ADDRESS}>
        {count === 1
          ? "1 image waits for a look at its pixels"
          : `${formatCount(count)} images wait for a look at their pixels`}
      </Link>
    )
  );
}

function Nothing({ search, review }: CaseFilter) {
  if (search === "") {
    return <p className={page.nothing}>No case waits for a look at its pixels.</p>;
  }
  return (
    <p className={page.nothing}>
      No case {review && "that waits for a look "}matches “{search}”. Search looks at pseudonym,
      notes and the file names of your own cases.
    </p>
  );
}

function Welcome({ onExample }: { onExample: (created: Case) => void }) {
  return (
    <div className={classes.welcome}>
      <h2>No cases yet</h2>
      <p>
        Drop images anywhere on this page (DICOM, PNG, JPEG, JPEG 2000, TIFF, WebP or BMP; folders
        and zips of them too), or begin with one of the examples below. They are synthetic: drawn by
        a program, with no patient behind them.
      </p>
      <WhatElse />
      <ExampleGallery onCreated={onExample} />
    </div>
  );
}

/** For whoever sets the server up: the other two things to begin with. */
function WhatElse() {
  const invites = useMay("people:write");
  const imports = useMay("datasets:write");
  if (!invites) {
    return null;
  }
  return (
    <p>
      You can also <Link to="/people">invite the people</Link> who will work here
      {imports && (
        <>
          , or <Link to="/datasets">import a data set</Link>
        </>
      )}
      .
    </p>
  );
}
