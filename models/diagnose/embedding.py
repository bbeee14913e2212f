"""Tokens and codes in three dimensions: the principal axes of the tokens.

Shapes: T tokens, M codes, D token width.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from models.diagnose.nearest import TokenSample
from models.diagnose.results import Embedding, Point

_AXES = 3


def principal_axes(tokens: NDArray[np.float32]) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """The three directions of largest variance.

    The sign of an axis is free; it is chosen so that the entry of largest magnitude is positive, or two machines would
    show mirrored pictures.

    Args:
        tokens: (T, D).

    Returns:
        The mean (D,), the axes (3, D) and the share of the variance along each (3,); axes beyond the rank are zero.
    """
    values = tokens.astype(np.float64)
    mean = values.mean(0)
    centred = values - mean
    variances, directions = np.linalg.eigh(centred.T @ centred)
    total = float(np.maximum(variances, 0).sum())
    axes = np.zeros((_AXES, values.shape[1]))
    shares = np.zeros(_AXES)
    for axis in range(min(_AXES, values.shape[1])):
        variance = max(float(variances[-1 - axis]), 0.0)
        if total > 0 and variance > 1e-12 * total:
            direction = directions[:, -1 - axis]
            axes[axis] = direction * np.sign(direction[np.abs(direction).argmax()])
            shares[axis] = variance / total
    return mean, axes, shares


def embed(sample: TokenSample, codebook: NDArray[np.float32]) -> Embedding:
    """Places a sample of tokens and all codes (M, D) on the tokens' principal axes."""
    mean, axes, shares = principal_axes(sample.tokens)
    places = (sample.tokens - mean) @ axes.T
    codes = (codebook - mean) @ axes.T
    return Embedding(
        method="pca",
        explained=_triple(shares),
        tokens=[
            Point(row=int(row), patch=int(patch), code=int(code), place=_triple(place))
            for row, patch, code, place in zip(sample.rows, sample.patch, sample.codes, places, strict=True)
        ],
        codes=[_triple(place) for place in codes],
    )


def _triple(values: NDArray[np.float64]) -> tuple[float, float, float]:
    first, second, third = (round(float(value), 5) for value in values)
    return first, second, third
