/** What the viewer shows of a prediction: what was chosen, and what is being looked at for a moment. */

import type { Prediction } from "../../../shared/api/types";
import { presentOption } from "../../../shared/lib/present-option";
import { tellingOption } from "./contributions";

export type Layer = "none" | "gradcam" | "magnet" | "index";

/** What the pointer or the focus is on. */
export type Target =
  | { kind: "option"; id: string }
  | { kind: "group"; key: string }
  | { kind: "code"; index: number };

export interface Selection {
  layer: Layer;
  /** The layer to go back to from the original. */
  lastLayer: Exclude<Layer, "none">;
  optionId: string | null;
  groupKey: string | null;
  /** The code shown alone in the index map; null for all. */
  code: number | null;
  preview: Target | null;
}

export type SelectionAction =
  | { type: "pin"; target: Target }
  | { type: "preview"; target: Target | null }
  | { type: "layer"; layer: Layer }
  | { type: "toggle-original" };

/** Without a prediction there is only the original. */
export const EMPTY_SELECTION: Selection = {
  layer: "none",
  lastLayer: "gradcam",
  optionId: null,
  groupKey: null,
  code: null,
  preview: null,
};

/** Begins with what speaks most for the predicted class. */
export function initialSelection(prediction: Prediction): Selection {
  const telling = tellingOption(prediction, prediction.predicted_class);
  return {
    layer: "gradcam",
    lastLayer: "gradcam",
    optionId: telling?.option.id ?? null,
    groupKey: telling?.group.key ?? null,
    code: null,
    preview: null,
  };
}

/** What a link says about the selection; not checked yet. */
export interface LinkedSelection {
  layer: string | null;
  optionId: string | null;
  groupKey: string | null;
  code: number | null;
}

const LAYERS: readonly Layer[] = ["none", "gradcam", "magnet", "index"];

/** Begins with what a link says, as far as the prediction has it. */
export function linkedSelection(prediction: Prediction, link: LinkedSelection): Selection {
  const begin = initialSelection(prediction);
  const layer = LAYERS.find((known) => known === link.layer) ?? begin.layer;
  const known = groupOf(prediction, link.optionId) !== null;
  const optionId = known ? link.optionId : begin.optionId;
  const hasGroup = prediction.groups.some(({ key }) => key === link.groupKey);
  return {
    ...withLayer(begin, layer),
    optionId,
    groupKey: hasGroup ? link.groupKey : groupOf(prediction, optionId),
    code: prediction.codes.some(({ index }) => index === link.code) ? link.code : null,
  };
}

export function reduceSelection(
  prediction: Prediction,
  state: Selection,
  action: SelectionAction,
): Selection {
  switch (action.type) {
    case "preview":
      return { ...state, preview: action.target };
    case "layer":
      return withLayer(state, action.layer);
    case "toggle-original":
      return withLayer(state, state.layer === "none" ? state.lastLayer : "none");
    case "pin":
      return { ...pinned(prediction, state, action.target), preview: null };
  }
}

/** What the viewer draws: the preview if there is one, else what is chosen. */
export function shown(prediction: Prediction, state: Selection): Selection {
  if (!state.preview) {
    return state;
  }
  const { preview } = state;
  // Pointing at a code is looking, not choosing: it never takes the chosen code's highlight away.
  return preview.kind === "code"
    ? { ...withLayer(state, "index"), code: preview.index }
    : pinned(prediction, state, preview);
}

function withLayer(state: Selection, layer: Layer): Selection {
  return { ...state, layer, lastLayer: layer === "none" ? state.lastLayer : layer, preview: null };
}

function pinned(prediction: Prediction, state: Selection, target: Target): Selection {
  switch (target.kind) {
    case "option":
      return {
        ...withLayer(state, "gradcam"),
        optionId: target.id,
        groupKey: groupOf(prediction, target.id) ?? state.groupKey,
      };
    case "group": {
      const inGroup = groupOf(prediction, state.optionId) === target.key;
      const group = prediction.groups.find(({ key }) => key === target.key);
      const present = group && (presentOption(group) ?? group.options[0]);
      return {
        ...withLayer(state, "magnet"),
        groupKey: target.key,
        optionId: inGroup ? state.optionId : (present?.id ?? state.optionId),
      };
    }
    case "code":
      return {
        ...withLayer(state, "index"),
        code: state.code === target.index ? null : target.index,
      };
  }
}

function groupOf(prediction: Prediction, optionId: string | null): string | null {
  const group = prediction.groups.find(({ options }) => options.some(({ id }) => id === optionId));
  return group?.key ?? null;
}
