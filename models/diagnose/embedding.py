"""Tokens and codes in three dimensions: on the principal axes of the tokens, and by UMAP.

Shapes: T tokens, M codes, D token width, P = T + M.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from models.diagnose.nearest import TokenSample
from models.diagnose.results import Embedding, Point
from models.diagnose.settings import DiagnoseSettings

_AXES = 3
# UMAP's own default: each point is held against so many others.
NEIGHBOURS = 15


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


def embed(sample: TokenSample, codebook: NDArray[np.float32], settings: DiagnoseSettings) -> list[Embedding]:
    """Places a sample of tokens and all codes (M, D) on the tokens' principal axes, then by UMAP.

    UMAP is left out where the settings say so, and where there are too few tokens or no differences among them.
    """
    tokens = sample.tokens
    mean, axes, shares = principal_axes(tokens)
    linear = np.concatenate([tokens - mean, codebook - mean]) @ axes.T
    found = [_embedding("pca", _triple(shares), sample, linear)]
    if settings.umap:
        places = neighbour_places(np.concatenate([tokens, codebook]), linear, len(tokens), settings.seed)
        if places is not None:
            found.append(_embedding("umap", None, sample, places))
    return found


def neighbour_places(
    values: NDArray[np.float32], linear: NDArray[np.float64], tokens: int, seed: int
) -> NDArray[np.float64] | None:
    """Places by UMAP (McInnes et al. 2018), fitted to tokens and codes together.

    It starts from the principal axes, so that the pictures of two models are turned alike, and runs in one thread with
    a seed: the same values give the same places on one machine. Others may round differently and show another picture.

    Args:
        values: (P, D), the tokens first.
        linear: (P, 3) on the principal axes.
        tokens: T.
        seed: of the optimization.

    Returns:
        (P, 3) in [-1, 1], or None for ``NEIGHBOURS`` tokens or fewer, or if they are all the same.
    """
    spread = np.ptp(linear, axis=0)
    if tokens <= NEIGHBOURS or spread[0] <= 0:
        return None
    from umap import UMAP  # noqa: PLC0415 (compiles for seconds; most runs of the models need none of it)

    # An axis without spread, as of tokens of rank two, cannot be started from: UMAP divides by it.
    start = linear if (spread > 1e-6 * spread[0]).all() else "random"
    fitted = UMAP(
        n_components=_AXES, n_neighbors=NEIGHBOURS, init=start, random_state=seed % (1 << 32), n_jobs=1
    ).fit_transform(values)
    places = np.asarray(fitted, np.float64)
    low, high = places.min(0), places.max(0)
    scale = float((high - low).max()) / 2
    if not np.isfinite(scale) or scale <= 0:
        return None
    result: NDArray[np.float64] = (places - (low + high) / 2) / scale
    return result


def _embedding(
    method: Literal["pca", "umap"],
    explained: tuple[float, float, float] | None,
    sample: TokenSample,
    places: NDArray[np.float64],
) -> Embedding:
    """From places (P, 3), those of the tokens first."""
    count = len(sample.places)
    return Embedding(
        method=method,
        explained=explained,
        tokens=[
            Point(row=int(row), patch=int(patch), code=int(code), place=_triple(place))
            for row, patch, code, place in zip(sample.rows, sample.patch, sample.codes, places[:count], strict=True)
        ],
        codes=[_triple(place) for place in places[count:]],
    )


def _triple(values: NDArray[np.float64]) -> tuple[float, float, float]:
    first, second, third = (round(float(value), 5) for value in values)
    return first, second, third
