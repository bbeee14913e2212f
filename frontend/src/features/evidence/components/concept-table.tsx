import type { ConceptEvidence } from "../../../shared/api/types";
import table from "../../../shared/components/data-table.module.css";
import { byReliability } from "../lib/reliability";
import { type Columns, ConceptRow } from "./concept-row";
import classes from "./concept-table.module.css";

interface ConceptTableProps {
  concepts: readonly ConceptEvidence[];
  /** Id of the row that a link led to; null: none. */
  linked: string | null;
}

/** Every concept group with its reliability, why, and the figures behind it; the most reliable first. */
export function ConceptTable({ concepts, linked }: ConceptTableProps) {
  const columns: Columns = {
    pointing: concepts.some(
      ({ pointing_gradcam, pointing_magnet }) =>
        pointing_gradcam.value !== null || pointing_magnet.value !== null,
    ),
    overlap: concepts.some(({ iou_gradcam }) => iou_gradcam.value !== null),
  };
  return (
    <>
      <table className={`${table.table} ${classes.concepts}`}>
        <caption className="visually-hidden">Concepts by reliability</caption>
        <thead>
          <tr>
            <th scope="col">Concept</th>
            <th scope="col">Why</th>
            <th scope="col">Balanced accuracy</th>
            {columns.pointing && <th scope="col">Grad-CAM points into the mask</th>}
            {columns.pointing && <th scope="col">Magnet points into the mask</th>}
            {columns.overlap && <th scope="col">Grad-CAM overlap (IoU)</th>}
          </tr>
        </thead>
        <tbody>
          {byReliability(concepts).map((concept) => (
            <ConceptRow key={concept.key} concept={concept} columns={columns} linked={linked} />
          ))}
        </tbody>
      </table>
      {!columns.pointing && (
        <p className={classes.note}>
          No image has a mask of a concept, so that where the maps point was not measured.
        </p>
      )}
    </>
  );
}
