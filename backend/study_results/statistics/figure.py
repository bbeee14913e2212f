"""A figure with its interval, or with a sentence that says why there is none."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

ONE_IMAGE = "There is no interval: all answers are about one image. More images would help."
NO_PAIRS = "No item was answered by two readers. Agreement needs a second reader."
ALL_SAME = "All answers are the same, so agreement beyond chance is undefined. Items that differ more would help."
# Below so many images a bootstrap of them is known to be too narrow.
FEW_IMAGES = 10


class Figure(NamedTuple):
    """Value and 95 % interval. ``note`` is there where something is missing, or must be read with care."""

    value: float | None
    low: float | None = None
    high: float | None = None
    note: str | None = None


def figure(value: float, low: float, high: float, note: str | None = None) -> Figure:
    """Of finite numbers; an interval that is not finite or not in order is left out.

    Args:
        value: the estimate.
        low: of the interval.
        high: of the interval.
        note: what to say anyway.
    """
    if not math.isfinite(value):
        return Figure(None, note=note or "It cannot be computed from these answers.")
    if not (math.isfinite(low) and math.isfinite(high) and low <= high):
        return Figure(float(value), note=note or "There is no interval: too few answers differ from each other.")
    return Figure(float(value), float(low), float(high), note)


def noted(found: Figure, *notes: str | None) -> Figure:
    """With further sentences after those that it has."""
    said = [note for note in (found.note, *notes) if note]
    return found._replace(note=" ".join(dict.fromkeys(said)) or None)
