import { useId } from "react";
import type { DatasetAdapter } from "../../../shared/api/types";
import { RadioRow } from "../../../shared/components/radio-row";
import classes from "./adapter-choice.module.css";

const KINDS: readonly { kind: DatasetAdapter["kind"]; title: string }[] = [
  { kind: "medical", title: "Medical data sets" },
  { kind: "general", title: "General images" },
  { kind: "generic", title: "Your own images" },
];

interface AdapterChoiceProps {
  adapters: readonly DatasetAdapter[];
  chosen: string | null;
  onChoose: (name: string) => void;
  problem: string | undefined;
}

/** Which data set it is. All at a glance, because the choice decides everything below. */
export function AdapterChoice({ adapters, chosen, onChoose, problem }: AdapterChoiceProps) {
  const name = useId();
  return (
    <fieldset className={classes.choice}>
      <legend className={classes.legend}>1. Which data set?</legend>
      {problem && (
        <p className={classes.problem} role="alert">
          {problem}
        </p>
      )}
      {KINDS.map(({ kind, title }) => {
        const own = adapters.filter((adapter) => adapter.kind === kind);
        return own.length === 0 ? null : (
          <div key={kind}>
            <p className={classes.kind}>{title}</p>
            {own.map((adapter) => (
              <RadioRow
                key={adapter.name}
                name={name}
                title={adapter.modality}
                checked={adapter.name === chosen}
                onChange={() => onChoose(adapter.name)}
              >
                <span>{adapter.title}</span>
              </RadioRow>
            ))}
          </div>
        );
      })}
    </fieldset>
  );
}
