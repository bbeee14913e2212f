import { Button } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import type { Label, Prediction } from "../../../shared/api/types";
import classes from "./label-panel.module.css";
import { LabelTable } from "./label-table";

interface ColleagueLabelsProps {
  prediction: Prediction;
  labels: readonly Label[];
}

/** What colleagues marked: closed at first, because it sways as the model's answer does. */
export function ColleagueLabels({ prediction, labels }: ColleagueLabelsProps) {
  const [opened, { toggle }] = useDisclosure(false);
  if (labels.length === 0) {
    return null;
  }
  const people = labels.length === 1 ? "1 colleague" : `${labels.length} colleagues`;
  return (
    <>
      <div className={classes.foot}>
        <Button variant="default" size="compact-xs" aria-expanded={opened} onClick={toggle}>
          {opened ? "Hide" : "Show"} what {people} marked
        </Button>
      </div>
      {opened && (
        <LabelTable caption="What colleagues marked" prediction={prediction} labels={labels} />
      )}
    </>
  );
}
