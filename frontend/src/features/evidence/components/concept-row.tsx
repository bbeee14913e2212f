import { Button } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconChevronDown, IconChevronRight } from "@tabler/icons-react";
import { useEffect, useId, useRef } from "react";
import type { ConceptEvidence, Measured } from "../../../shared/api/types";
import { formatNumber } from "../../../shared/lib/format";
import { SHARES } from "../lib/numbers";
import { conceptAnchor, LABEL_SOURCES } from "../lib/reliability";
import classes from "./concept-table.module.css";
import { IntervalBar } from "./interval-bar";
import { MeasuredWords } from "./measured-words";
import { OptionTable } from "./option-table";
import { ReliabilityMark } from "./reliability-mark";

/** Columns whose figures need masks, so that they may be missing altogether. */
export interface Columns {
  pointing: boolean;
  overlap: boolean;
}

interface ConceptRowProps {
  concept: ConceptEvidence;
  columns: Columns;
  linked: string | null;
}

/** A concept group; its options on demand. */
export function ConceptRow({ concept, columns, linked }: ConceptRowProps) {
  const { key, name, reliability, reason, labels, accuracy, chance, options } = concept;
  const [opened, list] = useDisclosure(false);
  const listId = useId();
  const anchor = conceptAnchor(key);
  const isLinked = linked === anchor;
  const row = useRef<HTMLTableRowElement>(null);
  useEffect(() => {
    if (isLinked) {
      row.current?.scrollIntoView({ block: "center" });
    }
  }, [isLinked]);
  const centre = chanceWords("centre", concept.pointing_centre);
  const Chevron = opened ? IconChevronDown : IconChevronRight;
  return (
    <>
      <tr ref={row} id={anchor} className={classes.concept} data-linked={isLinked}>
        <th scope="row" className={classes.name}>
          <span className={classes.title}>{name}</span>
          <ReliabilityMark reliability={reliability} />
        </th>
        <td className={classes.why}>
          <p>{reason}</p>
          <p className={classes.labels}>
            {LABEL_SOURCES[labels]}
            {options.length > 0 && (
              <Button
                variant="subtle"
                size="compact-xs"
                aria-expanded={opened}
                aria-controls={opened ? listId : undefined}
                aria-label={`${optionsWords(options.length)} of ${name}`}
                leftSection={<Chevron size={13} aria-hidden />}
                onClick={list.toggle}
              >
                {optionsWords(options.length)}
              </Button>
            )}
          </p>
        </td>
        <Figure
          name="Balanced accuracy"
          measured={accuracy}
          reference={chance}
          against={chanceWords("chance", chance)}
          pale={reliability === "unverified"}
        />
        {columns.pointing && (
          <>
            <Figure
              name="Grad-CAM points into the mask"
              measured={concept.pointing_gradcam}
              reference={concept.pointing_centre}
              against={centre}
            />
            <Figure
              name="Magnet points into the mask"
              measured={concept.pointing_magnet}
              reference={concept.pointing_centre}
              against={centre}
            />
          </>
        )}
        {columns.overlap && <Figure name="Grad-CAM overlap (IoU)" measured={concept.iou_gradcam} />}
      </tr>
      {opened && (
        <tr className={classes.options} id={listId}>
          <td colSpan={3 + (columns.pointing ? 2 : 0) + (columns.overlap ? 1 : 0)}>
            <OptionTable name={name} options={options} />
          </td>
        </tr>
      )}
    </>
  );
}

function optionsWords(count: number): string {
  return count === 1 ? "1 option" : `${count} options`;
}

function chanceWords(name: string, reference: number | null): string | null {
  return reference === null ? null : `${name} ${formatNumber(reference)}`;
}

interface FigureProps {
  /** In a narrow window, where there is no heading of the column. */
  name: string;
  measured: Measured;
  reference?: number | null;
  against?: string | null;
  /** It does not say how well the concept is read. */
  pale?: boolean;
}

function Figure({ name, measured, reference = null, against = null, pale }: FigureProps) {
  return (
    <td className={classes.figure}>
      <span className={classes.figureName} aria-hidden>
        {name}
      </span>
      <MeasuredWords measured={measured} unit="share" against={against} pale={pale} />
      {measured.value !== null && (
        <IntervalBar
          measured={measured}
          unit="share"
          scale={SHARES}
          reference={reference}
          pale={pale}
        />
      )}
    </td>
  );
}
