import { Button } from "@mantine/core";
import { IconArrowUp, IconFolder, IconRefresh } from "@tabler/icons-react";
import type { ImportFolders } from "../../../shared/api/types";
import { Busy } from "../../../shared/components/busy";
import { Notice } from "../../../shared/components/notice";
import { QueryError } from "../../../shared/components/query-error";
import { useRovingFocus } from "../../../shared/hooks/use-roving-focus";
import { formatCount } from "../../../shared/lib/format";
import { useImportFolders } from "../api/list-import-folders";
import classes from "./folder-browser.module.css";

interface FolderBrowserProps {
  /** The folder that is open, which is the one that will be imported; null: none is chosen yet. */
  path: string | null;
  onOpen: (path: string | null) => void;
}

/** Walks through the server's import folders. The open folder is the chosen one. */
export function FolderBrowser({ path, onOpen }: FolderBrowserProps) {
  const listing = useImportFolders(path);
  if (listing.isPending) {
    return <Busy>Reading the server's folders</Busy>;
  }
  if (listing.isError) {
    return (
      <>
        <QueryError
          title="The folder could not be read"
          error={listing.error}
          onRetry={() => void listing.refetch()}
        />
        {path !== null && (
          <Button mt="xs" variant="default" onClick={() => onOpen(null)}>
            Back to the import folders
          </Button>
        )}
      </>
    );
  }
  return (
    <OpenFolder
      folder={listing.data}
      chosen={path !== null}
      refreshing={listing.isFetching}
      onOpen={onOpen}
      onRefresh={() => void listing.refetch()}
    />
  );
}

interface OpenFolderProps {
  folder: ImportFolders;
  chosen: boolean;
  refreshing: boolean;
  onOpen: (path: string | null) => void;
  onRefresh: () => void;
}

function OpenFolder({ folder, chosen, refreshing, onOpen, onRefresh }: OpenFolderProps) {
  const { folders, image_files: images, other_files: others } = folder;
  const roving = useRovingFocus();
  const nothing = folders.length === 0 && images + others === 0;
  return (
    <div className={classes.browser} aria-busy={refreshing}>
      <div className={classes.bar}>
        <Button
          variant="default"
          size="compact-xs"
          leftSection={<IconArrowUp size={13} />}
          disabled={folder.parent === null}
          // An empty path stands above several import folders; nothing is chosen there.
          onClick={() => onOpen(folder.parent || null)}
        >
          Up
        </Button>
        <Button
          variant="subtle"
          color="gray"
          size="compact-xs"
          leftSection={<IconRefresh size={13} />}
          onClick={onRefresh}
        >
          Look again
        </Button>
      </div>
      {folder.path && (
        <div className={classes.bar}>
          <code className={classes.path} data-chosen={chosen}>
            {folder.path}
          </code>
          {!chosen && !nothing && (
            <Button variant="default" size="compact-xs" onClick={() => onOpen(folder.path)}>
              Use this folder
            </Button>
          )}
        </div>
      )}
      {folders.length > 0 && (
        <ul className={classes.list} onKeyDown={roving.onKeyDown} aria-label="Folders in it">
          {folders.map((entry, at) => (
            <li key={entry.path}>
              <button
                type="button"
                data-roving
                tabIndex={roving.isTabbable(entry.path, at === 0) ? 0 : -1}
                className={classes.folder}
                onFocus={() => roving.setCurrent(entry.path)}
                onClick={() => onOpen(entry.path)}
              >
                <IconFolder size={14} aria-hidden />
                {entry.name}
              </button>
            </li>
          ))}
        </ul>
      )}
      {nothing ? (
        <EmptyFolder folder={folder} />
      ) : (
        <p className={classes.counts} hidden={!folder.path}>
          {images + others === 0
            ? "No files directly in this folder."
            : `Directly in it: ${formatCount(images)} image ${images === 1 ? "file" : "files"}, ${formatCount(others)} other ${others === 1 ? "file" : "files"}.`}
        </p>
      )}
    </div>
  );
}

function EmptyFolder({ folder }: { folder: ImportFolders }) {
  if (folder.parent !== null) {
    return <p className={classes.counts}>This folder is empty.</p>;
  }
  return (
    <Notice tone="info" title="Nothing to import yet">
      On the server, put the unpacked data set into <code>{folder.root}</code>, then “Look again”.
      To import from elsewhere, have the setting <code>VITRINE_IMPORT_DIRS</code> name that folder
      and start the server again.
    </Notice>
  );
}
