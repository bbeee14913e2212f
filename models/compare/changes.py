"""The images that two models say different classes of.

Shapes: N images, C classes.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from models.compare.figures import Answers, Indices
from models.compare.result import ChangedPrediction, Kind


def changed_predictions(
    keys: Sequence[str], truth: Indices, a: Answers, b: Answers, class_keys: Sequence[str]
) -> tuple[ChangedPrediction, ...]:
    """In the order of the images.

    Args:
        keys: (N,) of the images.
        truth: (N,) class, -1 where it is not known.
        a: what A says.
        b: what B says.
        class_keys: (C,).
    """
    said_a, said_b = a.predicted, b.predicted
    probabilities_a, probabilities_b = a.probabilities, b.probabilities
    return tuple(
        ChangedPrediction(
            key=keys[row],
            truth=class_keys[truth[row]] if truth[row] >= 0 else None,
            class_a=class_keys[said_a[row]],
            class_b=class_keys[said_b[row]],
            probabilities_a=tuple(probabilities_a[row].tolist()),
            probabilities_b=tuple(probabilities_b[row].tolist()),
            kind=_kind(int(truth[row]), int(said_a[row]), int(said_b[row])),
        )
        for row in np.flatnonzero(said_a != said_b).tolist()
    )


def _kind(truth: int, a: int, b: int) -> Kind:
    if truth < 0:
        return "unknown"
    return "fixed" if b == truth else "broken" if a == truth else "changed-wrong"
