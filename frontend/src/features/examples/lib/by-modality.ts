import type { Example } from "../../../shared/api/types";

/** Examples of one kind of image together; modalities and images in the server's order. */
export function byModality(
  examples: readonly Example[],
): [modality: string, examples: Example[]][] {
  const groups = new Map<string, Example[]>();
  for (const example of examples) {
    const group = groups.get(example.modality);
    if (group) {
      group.push(example);
    } else {
      groups.set(example.modality, [example]);
    }
  }
  return [...groups];
}
