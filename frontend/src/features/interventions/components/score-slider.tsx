import { type KeyboardEvent, useRef } from "react";
import { formatNumber } from "../../../shared/lib/format";
import type { BenchOption } from "../lib/bench";
import { onScale, placeOn, type ScoreScale, stepped } from "../lib/score-scale";
import classes from "./score-slider.module.css";

interface ScoreSliderProps {
  option: BenchOption;
  value: number;
  /** As the model predicted it: a tick. */
  predicted: number;
  scale: ScoreScale;
  tabbable: boolean;
  onChange: (value: number, gesture: string) => void;
}

let gestures = 0;

/** A name for what belongs together, from pressing to letting go. */
export function newGesture(): string {
  gestures += 1;
  return `gesture-${gestures}`;
}

const STEPS: Readonly<Record<string, number>> = {
  ArrowLeft: -1,
  ArrowDown: -1,
  ArrowRight: 1,
  ArrowUp: 1,
  PageDown: -10,
  PageUp: 10,
};

/** How many steps an arrow or page key goes; null for other keys. */
export function stepsOf(event: KeyboardEvent): number | null {
  const steps = STEPS[event.key];
  return steps === undefined ? null : event.shiftKey ? 10 * steps : steps;
}

/** The band on the track is what validation saw, the tick what the model predicted. */
export function ScoreSlider(props: ScoreSliderProps) {
  const { option, value, predicted, scale, tabbable, onChange } = props;
  const gesture = useRef("");
  const { low, high } = option;
  return (
    <span className={classes.slider}>
      <span className={classes.track} aria-hidden>
        <span
          className={classes.seen}
          style={{
            left: `${100 * placeOn(scale, low)}%`,
            right: `${100 * (1 - placeOn(scale, high))}%`,
          }}
        />
        <span className={classes.tick} style={{ left: `${100 * placeOn(scale, predicted)}%` }} />
      </span>
      <input
        type="range"
        className={classes.input}
        min={scale.min}
        max={scale.max}
        step="any"
        value={value}
        tabIndex={tabbable ? 0 : -1}
        aria-label={`Score of ${option.text}`}
        aria-valuetext={`${formatNumber(value)}, predicted ${formatNumber(predicted)}`}
        onPointerDown={() => {
          gesture.current = newGesture();
        }}
        onKeyDown={(event) => {
          const steps = stepsOf(event);
          if (!event.repeat) {
            gesture.current = newGesture();
          }
          if (steps !== null) {
            event.preventDefault();
            onChange(onScale(stepped(value, steps, scale), scale), gesture.current);
          }
        }}
        onChange={(event) =>
          onChange(onScale(event.currentTarget.valueAsNumber, scale), gesture.current)
        }
      />
    </span>
  );
}
