import type { StudyResults } from "../../../shared/api/types";

interface File {
  format: string;
  address: string;
}

/** Answers and protocol as files. iMRMC compares diagnosticians, so it needs a diagnosis. */
export function dataFiles({ study_id, tasks }: Pick<StudyResults, "study_id" | "tasks">): File[] {
  const diagnosis = tasks.some(({ kind }) => kind === "diagnosis");
  return [
    { format: "Answers, CSV", address: exportAddress(study_id, "csv") },
    { format: "Data dictionary", address: exportAddress(study_id, "dictionary") },
    { format: "Everything, JSON", address: exportAddress(study_id, "json") },
    ...(diagnosis ? [{ format: "iMRMC", address: exportAddress(study_id, "imrmc") }] : []),
  ];
}

export function reportFiles({ study_id }: Pick<StudyResults, "study_id">): File[] {
  return [
    { format: "Report, PDF", address: exportAddress(study_id, "pdf") },
    { format: "Report, HTML", address: exportAddress(study_id, "html") },
  ];
}

function exportAddress(studyId: string, format: string): string {
  return `/api/v1/reader-studies/${studyId}/export?format=${format}`;
}
