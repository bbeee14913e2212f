/** What GRRAS asks of a study, each in a sentence, and a text to begin with. */

import type { StudyDesign, StudyGrras } from "../../../shared/api/types";
import { count } from "./words";

export interface GrrasField {
  key: keyof StudyGrras;
  item: string;
  label: string;
  /** What is asked, in one line. */
  words: string;
  /** Follows the design as it stands; what only people know stands in brackets. */
  suggest: (design: StudyDesign) => string;
}

const measured = ({ cases }: StudyDesign) => cases.filter(({ practice }) => !practice).length;
const practised = ({ cases }: StudyDesign) => cases.filter(({ practice }) => practice).length;

export const GRRAS_FIELDS: readonly GrrasField[] = [
  {
    key: "subject_population",
    item: "3",
    label: "Whose images these are",
    words: "The population that the images come from.",
    suggest: ({ sampling }) =>
      `Images of [patients, clinic, years]${sampling.source ? `, from ${sampling.source}` : ""}.`,
  },
  {
    key: "rater_population",
    item: "4",
    label: "Who reads",
    words: "Profession and experience of the readers, and of whom they are a sample.",
    suggest: () =>
      "[Profession] with at least [number] years of practice in [field]; a sample of those who would use the explanations.",
  },
  {
    key: "prior_evidence",
    item: "5",
    label: "What is known already",
    words: "Reliability and agreement as others have measured them, and why this study.",
    suggest: () =>
      "Agreement of experts on such maps has been reported for [studies]; it has not been measured for [this model, these concepts].",
  },
  {
    key: "sample_size",
    item: "6",
    label: "Why so many",
    words: "How the number of images, readers and repeats was reached.",
    suggest: (design) =>
      `${measured(design)} images and [number] readers, chosen so that [expected width of the interval, or power] is reached.`,
  },
  {
    key: "subject_sampling",
    item: "7",
    label: "How images were chosen",
    words: "At random, in sequence or by hand; from how many.",
    suggest: (design) => samplingWords(design),
  },
  {
    key: "rater_sampling",
    item: "7",
    label: "How readers were chosen",
    words: "Who was asked, how, and who declined.",
    suggest: () => "All [members of …] were invited by e-mail; [number] took part.",
  },
  {
    key: "repeat_interval",
    item: "8",
    label: "Time between repeats",
    words: "How long after its first rating an image comes again.",
    suggest: ({ order }) =>
      order.repeats > 0
        ? `${Math.round(100 * order.repeats)} % of the items of a session were shown a second time, unannounced, in its later part and at least ${order.gap} items after the first.`
        : "No item was shown twice.",
  },
  {
    key: "clinical_information",
    item: "8",
    label: "What is told beside the image",
    words: "Age, history, site: whatever readers know of a patient.",
    suggest: ({ cases }) =>
      cases.some((each) => each.clinical_information !== "")
        ? "Beside the image readers were told [age, sex, site]."
        : "Readers saw the image alone, without clinical information.",
  },
  {
    key: "blinding",
    item: "8",
    label: "Who does not know what",
    words: "What is hidden from the readers, and from whoever analyses.",
    suggest: () =>
      "Readers did not know the true class, the model, the arm, which items were repeats, nor what others answered. Results were hidden from everybody until the study was closed.",
  },
  {
    key: "independence",
    item: "9",
    label: "How ratings were independent",
    words: "That readers did not confer, and how the order was drawn.",
    suggest: (design) =>
      `Every reader read alone, in a random order of their own drawn in advance and stored${practised(design) > 0 ? `, after ${count(practised(design), "practice image", "practice images")}` : ""}. Answers were locked on submission.`,
  },
  {
    key: "analysis",
    item: "10",
    label: "Further analysis",
    words: "Statistics beyond those that Vitrine reports by itself.",
    suggest: () =>
      "Krippendorff’s ordinal alpha with bootstrap intervals over images; beyond the report: [further models or subgroups].",
  },
];

function samplingWords(design: StudyDesign): string {
  const { method, source, strata, seed, population } = design.sampling;
  const from = source ? ` from ${source}` : "";
  if (method === "stratified_random") {
    const evenly =
      strata === "none"
        ? ""
        : `, evenly over ${strata === "class" ? "the classes" : "the data sets"}`;
    return `${measured(design)} of ${population ?? "[number]"} images were drawn at random${from}${evenly} (seed ${seed ?? "[number]"}).`;
  }
  return method === "all"
    ? `All ${measured(design)} images${from} were taken.`
    : `${measured(design)} images were chosen by hand${from} by [whom, by what rule].`;
}
