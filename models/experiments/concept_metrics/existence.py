"""Concept existence metric (CEM): are the options that decided the image there?

The options of an image are ranked by their contribution theta_co v_io to the predicted class c; CEM_l is the share of
the first l that are labelled present ("all", as published). What all classes share of a contribution moves no decision;
"relative" ranks by the contribution less its mean over the classes. Options exclude each other here, so one that is
absent can rightly speak for a class with a negative score and a negative weight; "claimed" therefore ranks only the
options that the model takes for present, as a reader sees them. Options whose label is unknown are left out; an image
with fewer than l known ones does not count.

Shapes: N images, O options.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def existence(importance: Array, labels: NDArray[np.int64], among: NDArray[np.bool_], top: int) -> Array:
    """(N,) share of the most important options that are there; NaN where fewer than ``top`` can be ranked.

    Args:
        importance: (N, O).
        labels: (N, O) 1 there, 0 not, -1 unknown.
        among: (N, O) options that are ranked.
        top: l.
    """
    ranked = among & (labels >= 0)
    order = np.argsort(-np.where(ranked, importance, -np.inf), axis=1, kind="stable")[:, :top]
    there = np.take_along_axis(labels == 1, order, 1).mean(1)
    return np.where(ranked.sum(1) >= top, there, np.nan) if top <= labels.shape[1] else np.full(len(labels), np.nan)


def present_share(labels: NDArray[np.int64], among: NDArray[np.bool_], top: int) -> Array:
    """(N,) share of all options that can be ranked that are there: CEM of options in random order. NaN as above."""
    ranked = among & (labels >= 0)
    count = ranked.sum(1)
    share = np.divide((ranked & (labels == 1)).sum(1), count, out=np.full(len(labels), np.nan), where=count > 0)
    return np.where(count >= top, share, np.nan)
