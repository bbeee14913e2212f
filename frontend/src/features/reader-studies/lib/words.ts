/** What things of a study are called. */

import type {
  StudyRead,
  StudySeparation,
  StudyShamKind,
  StudyStatus,
  StudySummary,
  StudyTaskKind,
} from "../../../shared/api/types";
import { formatCount } from "../../../shared/lib/format";

export const STATUS_WORDS: Readonly<Record<StudyStatus, string>> = {
  draft: "draft",
  publishing: "being published",
  open: "open",
  closed: "closed",
};

export function roleWords(role: StudySummary["role"]): string {
  return role ?? "administrator";
}

export const TASK_WORDS: Readonly<Record<StudyTaskKind, { name: string; words: string }>> = {
  localization: {
    name: "Localization",
    words: "Image, concept and map. The reader rates from 1 to 5 how well the map lies on it.",
  },
  alignment: {
    name: "Semantic alignment",
    words: "Image and map, no concept. The reader picks the concept among plausible others.",
  },
  diagnosis: {
    name: "Diagnosis",
    words: "The reader gives the class and a confidence, with or without an explanation.",
  },
  questions: {
    name: "Questions",
    words: "Only questions of your own about the image.",
  },
};

export const SHAM_WORDS: Readonly<Record<StudyShamKind, { name: string; words: string }>> = {
  other_concept: {
    name: "Another concept’s map",
    words: "The same image’s map of a concept of another group. The hardest to tell from the real.",
  },
  other_image: {
    name: "Another image’s map",
    words: "The map that the same concept has in another image. Looks real, lies elsewhere.",
  },
  shuffled: {
    name: "Shuffled map",
    words: "The real map’s patches in random places. The easiest to tell from the real.",
  },
};

export const SEPARATION_WORDS: Readonly<Record<StudySeparation, { name: string; words: string }>> =
  {
    mixed: {
      name: "All in one session",
      words:
        "Every reader sees every image under every arm, in one session. Fewest readers, but one showing may be remembered at the next.",
    },
    sessions: {
      name: "A session for each arm",
      words:
        "Every reader sees every image under every arm, one arm at a time, with days of washout between. The design for diagnosis with and without explanation.",
    },
    split: {
      name: "Each image under one arm",
      words:
        "Every reader sees every image once, under one arm; which one changes from reader to reader. Nothing can be remembered; needs more readers.",
    },
  };

export const LIVE_WORDS: Readonly<Record<StudyRead["design"]["access"]["live_results"], string>> = {
  nobody: "Nobody, until the study is closed",
  coordinators: "Owner and coordinators",
  members: "Owner, coordinators and observers",
};

/** "120 of 500 answers". */
export function answerWords({ answered, expected }: Pick<StudySummary, "answered" | "expected">) {
  return `${formatCount(answered)} of ${formatCount(expected)} answers`;
}

export const count = (number: number, one: string, many: string) =>
  `${formatCount(number)} ${number === 1 ? one : many}`;

/** "1 h 20 min" of reading. */
export function minutesWords(minutes: number): string {
  const hours = Math.floor(minutes / 60);
  return hours === 0 ? `${minutes} min` : `${hours} h ${minutes % 60} min`;
}
