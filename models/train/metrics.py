"""Figures of merit.

Shapes: N images, C classes, K groups, O options, L patches on rows x columns.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

# A patch counts as showing a finding when the mask covers this share of it.
PATCH_COVERAGE = 0.1


def balanced_accuracy(predicted: NDArray[np.int64], truth: NDArray[np.int64]) -> float:
    """Mean recall over the classes that occur (BMAC).

    Args:
        predicted: (N,).
        truth: (N,); entries below 0 are unknown and left out.

    Returns:
        In [0, 1]; NaN where no truth is known.
    """
    recalls = [np.mean(predicted[truth == label] == label) for label in np.unique(truth[truth >= 0])]
    return float(np.mean(recalls)) if recalls else float("nan")


def mean_of_known(values: Sequence[float]) -> float:
    """Mean of the figures that are defined; NaN where none is."""
    known = [value for value in values if not np.isnan(value)]
    return float(np.mean(known)) if known else float("nan")


def concept_accuracies(scores: NDArray[np.float32], options: NDArray[np.int64], groups: Sequence[slice]) -> list[float]:
    """Balanced accuracy of the strongest option of each group.

    Args:
        scores: (N, O).
        options: (N, K) true option within its group, -1 where unknown; for a one-option group, present or not.
        groups: the columns of each group.

    Returns:
        K values, NaN for a group of which no option is known.
    """
    result = []
    for column, group in enumerate(groups):
        own = scores[:, group]
        chosen = (own[:, 0] > 0).astype(np.int64) if own.shape[1] == 1 else own.argmax(1)
        result.append(balanced_accuracy(chosen, options[:, column]))
    return result


def dilate(patches: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Grows regions by one patch in all eight directions.

    Args:
        patches: (..., rows, columns).

    Returns:
        The same shape.
    """
    rows, columns = patches.shape[-2:]
    padded = np.pad(patches, [(0, 0)] * (patches.ndim - 2) + [(1, 1), (1, 1)])
    shifted = [padded[..., down : down + rows, right : right + columns] for down in range(3) for right in range(3)]
    grown: NDArray[np.bool_] = np.any(shifted, axis=0)
    return grown


def pointing_hits(maps: NDArray[np.float32], masks: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Pointing game: whether the map's maximum lies in the mask grown by one patch.

    Args:
        maps: (N, rows, columns).
        masks: (N, rows, columns) share of each patch that the mask covers.

    Returns:
        (N,) bool; False for a map without a positive value.
    """
    count = maps.shape[0]
    allowed = dilate(masks >= PATCH_COVERAGE).reshape(count, -1)
    flat = maps.reshape(count, -1)
    inside = np.take_along_axis(allowed, flat.argmax(1)[:, None], axis=1)[:, 0]
    hits: NDArray[np.bool_] = inside & (flat.max(1) > 0)
    return hits


def energy_inside(maps: NDArray[np.float32], masks: NDArray[np.float32]) -> float:
    """Mean share of a map's sum that lies in the mask; a map without a positive value counts as none.

    Args:
        maps: (N, rows, columns), not negative.
        masks: (N, rows, columns) share of each patch that the mask covers.
    """
    inside = (maps * masks).reshape(len(maps), -1).sum(1)
    total = maps.reshape(len(maps), -1).sum(1)
    return float(np.mean(np.divide(inside, total, out=np.zeros_like(inside), where=total > 0)))


def centre_hits(masks: NDArray[np.float32]) -> NDArray[np.bool_]:
    """The pointing game of a baseline that always points to the centre. Arguments and result as ``pointing_hits``."""
    prior = np.zeros_like(masks)
    prior[:, masks.shape[1] // 2, masks.shape[2] // 2] = 1.0
    return pointing_hits(prior, masks)
