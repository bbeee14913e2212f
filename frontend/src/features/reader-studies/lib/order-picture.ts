/** A small example of who sees what when: readers, sessions, and under which arm each of a few images stands. */

import type { StudySeparation } from "../../../shared/api/types";

export interface PictureRow {
  reader: number;
  /** Of each session, for each image the arms that it is seen under, by their place. */
  sessions: number[][][];
}

export const PICTURE_IMAGES = 4;
const MOST_READERS = 3;

/** The rule of the server: in a session, the arm of an image is (image + reader + session) modulo the arms. */
export function pictureOf(separation: StudySeparation, arms: number): PictureRow[] {
  const images = Array.from({ length: PICTURE_IMAGES }, (_, at) => at);
  const readers = Math.min(MOST_READERS, Math.max(2, arms));
  const sessions = separation === "sessions" ? arms : 1;
  return Array.from({ length: readers }, (_, reader) => ({
    reader: reader + 1,
    sessions: Array.from({ length: sessions }, (_each, session) =>
      images.map((image) =>
        separation === "mixed"
          ? Array.from({ length: arms }, (_arm, at) => at)
          : [(image + reader + session) % arms],
      ),
    ),
  }));
}

/** As many as the task with the most of them has. */
export function armsOf(tasks: readonly { arm_keys: readonly string[] }[]): number {
  return Math.max(0, ...tasks.map(({ arm_keys }) => arm_keys.length));
}
