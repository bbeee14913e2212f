import { Checkbox } from "@mantine/core";
import { formatCount } from "../../../shared/lib/format";
import type { sampleOf } from "../lib/codes";
import classes from "./cloud-legend.module.css";

interface CloudLegendProps {
  sample: ReturnType<typeof sampleOf>;
  hidden: ReadonlySet<number>;
  colorOf: (code: number) => string;
  nameOf: (code: number) => string | null;
  onToggle: (code: number) => void;
}

/** The codes with their colours, to be shown and hidden. */
export function CloudLegend({ sample, hidden, colorOf, nameOf, onToggle }: CloudLegendProps) {
  return (
    <fieldset className={classes.legend}>
      <legend>Codes, with their tokens in the sample</legend>
      {sample.map(({ code, tokens }) => (
        <Checkbox
          key={code}
          size="xs"
          classNames={{ label: classes.label }}
          checked={!hidden.has(code)}
          onChange={() => onToggle(code)}
          label={
            <>
              <span className={classes.swatch} style={{ background: colorOf(code) }} aria-hidden />
              <span className={classes.code}>Code {code}</span>
              <span className={classes.name}>{nameOf(code) ?? "no measured association"}</span>
              <span className={classes.count}>{formatCount(tokens)}</span>
            </>
          }
        />
      ))}
    </fieldset>
  );
}
