import { Tooltip } from "@mantine/core";
import { useHealth } from "../api/get-health";
import { healthWords } from "../lib/health-words";
import classes from "./health-indicator.module.css";

/** State of server and model, always in sight. */
export function HealthIndicator() {
  const { data, isError } = useHealth();
  const { tone, text, detail } = healthWords(data, isError);
  return (
    <Tooltip label={detail}>
      <span className={classes.health} data-tone={tone} role="status">
        <span className={classes.lamp} aria-hidden />
        <span className={classes.text}>{text}</span>
      </span>
    </Tooltip>
  );
}
