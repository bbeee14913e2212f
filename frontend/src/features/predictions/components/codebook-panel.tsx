import type { CodePrediction, Prediction } from "../../../shared/api/types";
import { Tag } from "../../../shared/components/tag";
import { useRovingFocus } from "../../../shared/hooks/use-roving-focus";
import { formatPercent } from "../../../shared/lib/format";
import { codeName } from "../lib/code-name";
import type { Selection, SelectionAction } from "../lib/selection";
import classes from "./codebook-panel.module.css";

interface CodebookPanelProps {
  prediction: Prediction;
  selection: Selection;
  onSelection: (action: SelectionAction) => void;
  /** CSS colour of a code, as the viewer draws it. */
  colorOf: (code: number) => string;
}

/** Legend of the index map. Says that it is auxiliary before it says anything else. */
export function CodebookPanel(props: CodebookPanelProps) {
  const { prediction, selection, onSelection, colorOf } = props;
  const roving = useRovingFocus();
  const [rows, columns] = prediction.grid;
  const used = prediction.codes
    .filter(({ patches }) => patches > 0)
    .sort((a, b) => b.patches - a.patches);
  const unused = prediction.codes.length - used.length;
  return (
    <section aria-label="Visual dictionary" className={classes.panel}>
      <div className={classes.intro}>
        <Tag tone="warning">Auxiliary: not on the path to the prediction</Tag>
        <p>
          The codebook is a visual dictionary learned beside the classifier. Each patch is shown in
          the colour of its nearest code; the prediction does not use it. A code carries a group's
          name only with the association measured for it on the validation images (phi coefficient:
          1 would be the same patches, 0 none in common beyond chance).
        </p>
      </div>
      <div className={classes.header} aria-hidden>
        <span />
        <span>Code</span>
        <span>Group · association</span>
        <span className={classes.right}>Patches</span>
      </div>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: arrow keys move between the buttons inside */}
      <div onKeyDown={roving.onKeyDown}>
        {used.map((code, at) => (
          <CodeRow
            key={code.index}
            code={code}
            name={codeName(code, prediction)}
            share={code.patches / (rows * columns)}
            color={colorOf(code.index)}
            pinned={selection.layer === "index" && selection.code === code.index}
            tabbable={roving.isTabbable(String(code.index), at === 0)}
            onPin={() => onSelection({ type: "pin", target: { kind: "code", index: code.index } })}
            onPreview={(on) => {
              if (on) {
                roving.setCurrent(String(code.index));
              }
              const target = on ? ({ kind: "code", index: code.index } as const) : null;
              onSelection({ type: "preview", target });
            }}
          />
        ))}
      </div>
      {unused > 0 && (
        <p className={classes.unused}>
          {unused} {unused === 1 ? "code is" : "codes are"} not used in this image.
        </p>
      )}
    </section>
  );
}

interface CodeRowProps {
  code: CodePrediction;
  name: string;
  share: number;
  color: string;
  pinned: boolean;
  tabbable: boolean;
  onPin: () => void;
  onPreview: (on: boolean) => void;
}

function CodeRow({ code, name, share, color, pinned, tabbable, onPin, onPreview }: CodeRowProps) {
  return (
    <button
      type="button"
      data-roving
      className={classes.row}
      aria-pressed={pinned}
      aria-label={`Code ${code.index}, ${name}, ${code.patches} patches`}
      tabIndex={tabbable ? 0 : -1}
      onClick={onPin}
      onMouseEnter={() => onPreview(true)}
      onMouseLeave={() => onPreview(false)}
      onFocus={() => onPreview(true)}
      onBlur={() => onPreview(false)}
    >
      <span className={classes.swatch} style={{ background: color }} />
      <span>code {code.index}</span>
      <span
        data-unnamed={code.group_key === null || code.association === null}
        className={classes.name}
      >
        {name}
      </span>
      <span className={classes.right}>
        {code.patches} <span className={classes.share}>{formatPercent(share)}</span>
      </span>
    </button>
  );
}
