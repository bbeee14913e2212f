/** What the parts of the journey through a reader study share: the study, who reads in it, and what they answer. */

import { studyReader } from "./study-reader.mjs";

export const PATIENCE = 300_000; // two cores, shared with the server

/** `id` and `total`, the items of one reader, are known once it is made. */
export const study = { title: "What maps of concepts are worth", id: "", total: 0 };

export const READERS = [
  studyReader({
    name: "Clara Lindqvist",
    email: "clara@clinic.example",
    password: "harbour tin walnut meadow",
    profession: "Dermatologist",
    years: 12,
  }),
  studyReader({
    name: "David Osei",
    email: "david@clinic.example",
    password: "pepper glacier drum orchard",
    profession: "Resident in dermatology",
    years: 2,
  }),
];
export const [CLARA, DAVID] = READERS;

/** David cannot judge this item, and says why. */
const NOT_JUDGED = 6;
export const COMMENT = 'Hair over the border, "out of focus", so no';

/** What a reader answers at a place, whatever stands there; choices by the digit of the option. Null: cannot judge. */
export function answersAt(reader, number) {
  const at = number + 3 * READERS.indexOf(reader);
  if (reader === DAVID && number === NOT_JUDGED) {
    return null;
  }
  return {
    rating: [4, 2, 5, 1, 3, 5, 4][at % 7],
    concept: [1, 3, 2, 4, 1][at % 5],
    class: [1, 5, 2, 7, 3, 6, 4, 5][at % 8],
    confidence: 35 + ((13 * at) % 60),
  };
}
