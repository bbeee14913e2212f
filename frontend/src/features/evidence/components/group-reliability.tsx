import { Popover, UnstyledButton } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { Link } from "react-router";
import type { ConceptEvidence } from "../../../shared/api/types";
import { cardPath } from "../lib/reliability";
import classes from "./group-reliability.module.css";
import { ReliabilityMark } from "./reliability-mark";

interface GroupReliabilityProps {
  modelVersionId: string;
  concept: ConceptEvidence;
  /** Whether the Tab key stops at it. */
  tabbable: boolean;
}

/** The quiet mark beside a concept group; why it has this one on demand, with the way to the card. */
export function GroupReliability({ modelVersionId, concept, tabbable }: GroupReliabilityProps) {
  const { key, name, reliability, reason } = concept;
  const [opened, { toggle, open, close }] = useDisclosure(false);
  return (
    <Popover
      opened={opened}
      onChange={(next) => (next ? open() : close())}
      position="bottom-end"
      width={290}
      trapFocus
      returnFocus
      // Within the page, so that it belongs to a landmark.
      withinPortal={false}
      hideDetached={false}
      transitionProps={{ duration: 0 }}
    >
      <Popover.Target>
        <UnstyledButton
          className={classes.target}
          tabIndex={tabbable || opened ? 0 : -1}
          aria-label={`${name}: reliability ${reliability}`}
          onClick={toggle}
        >
          <ReliabilityMark reliability={reliability} />
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown className={classes.dropdown} aria-label={`Reliability of ${name}`}>
        <p className={classes.title}>
          {name}: {reliability}
        </p>
        <p>{reason}</p>
        <p>
          <Link className={classes.link} to={cardPath(modelVersionId, key)}>
            See the figures on the model card
          </Link>
        </p>
      </Popover.Dropdown>
    </Popover>
  );
}
