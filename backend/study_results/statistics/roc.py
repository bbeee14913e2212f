"""The area under the ROC curve of readers (Hanley and McNeil, 1982), over readers and images.

Without a model of variances: images, and for means readers too, are drawn with replacement (the two-way bootstrap of
Gallas, Bandos, Samuelson and Wagner, 2009). The same images are drawn for all readers and arms, so that differences are
paired.
"""

from __future__ import annotations

import numpy as np

from backend.study_results.statistics.bootstrap import ratio
from backend.study_results.statistics.figure import Flags, Floats


def auc(scores: Floats, positive: Flags, weights: Floats | None = None) -> Floats:
    """Chance that an image with disease has the higher score; ties count half (Mann-Whitney U over the pairs).

    Args:
        scores: (C,).
        positive: (C,) whether the image shows disease.
        weights: (R, C) how often each image counts; once if not given.

    Returns:
        (R,), or (1,); NaN where there are no images with, or none without disease.
    """
    counted = np.ones((1, len(scores))) if weights is None else weights
    if not len(scores):
        return np.full(len(counted), np.nan)
    order = np.argsort(scores, kind="stable")
    ordered = scores[order]
    starts = np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]]))
    counted = counted[:, order]
    with_disease = np.add.reduceat(counted * positive[order], starts, axis=1)
    without = np.add.reduceat(counted * ~positive[order], starts, axis=1)
    below = without.cumsum(axis=1) - without / 2
    pairs = with_disease.sum(axis=1) * without.sum(axis=1)
    return ratio((with_disease * below).sum(axis=1), pairs)


def over_readers(by_reader: Floats, readers: Floats) -> Floats:
    """Means over drawn readers.

    Args:
        by_reader: (R, M) a figure of each reader in each resample of images; NaN where undefined.
        readers: (R, M) how often each reader was drawn.

    Returns:
        (R,).
    """
    known = np.isfinite(by_reader)
    return ratio((readers * np.where(known, by_reader, 0.0)).sum(axis=1), (readers * known).sum(axis=1))
