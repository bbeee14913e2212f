import type {
  Dataset,
  ModelVersion,
  StudyDesign,
  StudyProblem,
  StudyRead,
} from "../../../shared/api/types";
import type { DesignDraft } from "../hooks/use-design-draft";
import type { KnownImages } from "../hooks/use-known-images";

/** A group of concepts, as far as tasks need it. */
export interface ConceptGroupHead {
  key: string;
  name: string;
  localizable: boolean;
}

/** What can be chosen in the steps; other parts of the application know it. */
export interface Sources {
  models: readonly ModelVersion[];
  datasets: readonly Dataset[];
  /** Of the model that decides which concepts are asked about; empty while that is not known. */
  groups: readonly ConceptGroupHead[];
}

export interface StepProps {
  study: StudyRead;
  design: StudyDesign;
  edit: DesignDraft["edit"];
  /** Of the step, those of names that are missing included. */
  problems: readonly StudyProblem[];
  sources: Sources;
}

export interface ImagesStepProps extends StepProps {
  known: KnownImages;
}
