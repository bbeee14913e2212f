import { Button, Popover } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconCheck, IconChevronDown } from "@tabler/icons-react";
import { useModels } from "../../../shared/api/list-models";
import type { ModelVersion } from "../../../shared/api/types";
import classes from "./explain-with.module.css";

interface ExplainWithProps {
  /** The model behind what is shown; null where nothing is. */
  current: string | null;
  /** Set while a prediction runs. */
  disabled?: boolean;
  /** Only a small arrow on narrow screens. */
  compact?: boolean;
  /** Also where there is one model only: the server has not taken it by itself. */
  always?: boolean;
  onChoose: (model: ModelVersion) => void;
}

/** The active models, to have an image explained by another of them. Nothing where there is no choice. */
export function ExplainWith(props: ExplainWithProps) {
  const { current, disabled, compact, always, onChoose } = props;
  const models = useModels();
  const [opened, list] = useDisclosure(false);
  const active = models.data?.filter((model) => model.active) ?? [];
  if (active.length < (always ? 1 : 2)) {
    return null;
  }
  return (
    <Popover
      opened={opened}
      onChange={(open) => (open ? list.open() : list.close())}
      position="bottom-end"
      width={300}
      trapFocus
      returnFocus
      // Within the page, so that it belongs to a landmark.
      withinPortal={false}
      hideDetached={false}
      transitionProps={{ duration: 0 }}
    >
      <Popover.Target>
        <Button
          variant="default"
          size="compact-xs"
          disabled={disabled}
          className={classes.target}
          data-compact={compact}
          rightSection={<IconChevronDown size={13} aria-hidden />}
          onClick={list.toggle}
        >
          <span className={classes.label}>Explain with …</span>
        </Button>
      </Popover.Target>
      <Popover.Dropdown className={classes.dropdown}>
        <ul className={classes.list}>
          {active.map((model) => (
            <li key={model.id}>
              <button
                type="button"
                className={classes.model}
                aria-current={model.id === current}
                onClick={() => {
                  list.close();
                  onChoose(model);
                }}
              >
                <span className={classes.mark}>
                  {model.id === current && <IconCheck size={14} aria-hidden />}
                </span>
                <span>
                  <span className={classes.name}>{model.name}</span>
                  <span className={classes.note}>{model.concept_set.title}</span>
                </span>
              </button>
            </li>
          ))}
        </ul>
      </Popover.Dropdown>
    </Popover>
  );
}
