import { useQueryClient } from "@tanstack/react-query";
import { createContext, type ReactNode, useCallback, useContext } from "react";
import { useNavigate } from "react-router";
import { DropCurtain } from "../../features/cases/components/drop-curtain";
import { UploadTray } from "../../features/cases/components/upload-tray";
import { useFileDrop } from "../../features/cases/hooks/use-file-drop";
import { useUploadQueue } from "../../features/cases/hooks/use-upload-queue";
import { requestPrediction } from "../../features/predictions/api/create-prediction";
import type { Case } from "../../shared/api/types";

const AddFilesContext = createContext<(files: readonly File[]) => void>(() => undefined);

/** Adds image files as cases, zips of them and chosen folders too; on every page, since the queue outlives it. */
export function useAddFiles(): (files: readonly File[]) => void {
  return useContext(AddFilesContext);
}

/** Uploads, wherever files are dropped: send, have explained, and open the case if it was only one. */
export function UploadsProvider({ children }: { children: ReactNode }) {
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const queue = useUploadQueue({
    explain: (created: Case) => requestPrediction(queryClient, created.id),
    onSingle: (created: Case) => void navigate(`/cases/${created.id}`),
  });
  const { add } = queue;
  const dragging = useFileDrop(add);
  const addFiles = useCallback((files: readonly File[]) => add({ files, folders: [] }), [add]);
  return (
    <AddFilesContext value={addFiles}>
      {children}
      <UploadTray queue={queue} />
      {dragging && <DropCurtain />}
    </AddFilesContext>
  );
}
