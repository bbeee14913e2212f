/** What a DICOM header says of an image, in words, and what is known of its file's name. */

import type { Case } from "../../../shared/api/types";

const MODALITIES: Record<string, string> = {
  BDUS: "Ultrasound of bones",
  BMD: "Bone densitometry",
  CR: "Computed radiography",
  CT: "Computed tomography",
  DMS: "Dermoscopy",
  DX: "Digital radiography",
  ES: "Endoscopy",
  GM: "Microscopy",
  IO: "Intra-oral radiography",
  IVOCT: "Optical coherence tomography of a vessel",
  IVUS: "Ultrasound of a vessel from within",
  MG: "Mammography",
  MR: "Magnetic resonance",
  NM: "Nuclear medicine",
  OCT: "Optical coherence tomography",
  OP: "Photograph of the eye",
  OPT: "Optical coherence tomography of the eye",
  OPV: "Visual field of the eye",
  OT: "Another kind of image",
  PT: "Positron emission tomography",
  PX: "Panoramic X-ray",
  RF: "Fluoroscopy",
  RG: "Radiograph on film",
  SC: "Secondary capture",
  SM: "Microscopy of a slide",
  US: "Ultrasound",
  XA: "X-ray angiography",
  XC: "Photograph",
};

const NOT_SAID = "the file does not say";

/** "Ultrasound (US)". A term that nobody knows here is shown as it is. */
export function modalityWords(term: string | null): string {
  if (term === null) {
    return NOT_SAID;
  }
  const words = MODALITIES[term];
  return words ? `${words} (${term})` : term;
}

const BODY_PARTS: Record<string, string> = {
  CSPINE: "Cervical spine",
  CTSPINE: "Cervical and thoracic spine",
  LSPINE: "Lumbar spine",
  LSSPINE: "Lumbar and sacral spine",
  SSPINE: "Sacral spine",
  TLSPINE: "Thoracic and lumbar spine",
  TSPINE: "Thoracic spine",
  WHOLEBODY: "Whole body",
};

/** "Breast". */
export function bodyPartWords(term: string | null): string {
  if (term === null) {
    return NOT_SAID;
  }
  return BODY_PARTS[term] ?? term.charAt(0).toUpperCase() + term.slice(1).toLowerCase();
}

/** Names of files may be names of patients: those of DICOM are not kept, the others are their owner's. */
export function filenameWords(entry: Pick<Case, "filename" | "source_format">): string {
  if (entry.filename !== null) {
    return entry.filename;
  }
  return entry.source_format === "dicom"
    ? "name not kept: those of DICOM files often name the patient"
    : "name not known, or only shown to the owner";
}
