"""How well a model's codes are kept apart, in the tokens' own space and in the picture that UMAP makes of it.

A picture by UMAP shows islands of almost anything (Wattenberg et al. 2016 say it of t-SNE), so the paper's claim of
"clear spatial separation" is measured: the silhouette (Rousseeuw 1987) of the tokens grouped by their nearest code,
beside that of groups about as many tokens picked by chance, and of groups by k-means.

Shapes: T tokens, M codes, D token width, R draws.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.vq import kmeans2
from scipy.spatial.distance import cdist

from models.diagnose.results import Embedding
from models.experiments.codebook_map.tokens import Tokens
from models.experiments.spread import Estimate, mean_estimate

Array = NDArray[np.float64]
_CHANCES = 20  # sets of random codes
_ENERGY = 0.99  # of the singular values, as the paper counts effective rank


@dataclass(frozen=True)
class CodebookMapResult:
    """Of one model.

    Attributes:
        tokens: T.
        images: that they are from.
        codes: M.
        used: codes that are the nearest of any token.
        silhouette: mean over the tokens, in the D dimensions, -1 to 1; no value where one code has all.
        silhouette_chance: 2.5, 50 and 97.5 % over random codes.
        silhouette_kmeans: of M groups by k-means.
        silhouette_umap: of the groups by code in the UMAP picture; None without one.
        silhouette_umap_chance: median over random codes in the same picture.
        separation: least distance of two codes over the root mean square distance of tokens to their code.
        cosine: largest cosine of two codes, seen from the tokens' mean.
        rank: effective rank of the codes about their mean, at most M - 1.
        explained: share of the tokens' variance along the three principal axes.
    """

    tokens: int
    images: int
    codes: int
    used: int
    silhouette: Estimate
    silhouette_chance: tuple[float, float, float] | None
    silhouette_kmeans: float | None
    silhouette_umap: float | None
    silhouette_umap_chance: float | None
    separation: float | None
    cosine: float | None
    rank: int
    explained: tuple[float, float, float] | None

    def to_json(self) -> dict[str, Any]:
        """All of it."""
        return {**asdict(self), "silhouette": self.silhouette.to_json()}


def measure_codebook_map(given: Tokens, embeddings: list[Embedding], *, resamples: int, seed: int) -> CodebookMapResult:
    """Separation of a model's codes.

    Args:
        given: a sample of its tokens, and its codes.
        embeddings: of these.
        resamples: of the bootstrap over images.
        seed: of it, of the random codes and of k-means.
    """
    sample, codebook = given.sample, given.codebook.astype(np.float64)
    values = sample.tokens.astype(np.float64)
    distances = cdist(values, values)
    own = silhouettes(distances, sample.codes)
    umap = next((one for one in embeddings if one.method == "umap"), None)
    places = None if umap is None else np.array([point.place for point in umap.tokens])
    flat = None if places is None else cdist(places, places)
    chance = _by_chance(values, [one for one in (distances, flat) if one is not None], len(codebook), seed)
    images = len(np.unique(sample.rows))
    separated = Estimate(None, None, None, images)
    if own is not None:  # of images, which are resampled, not of tokens
        separated = replace(mean_estimate(own, given.clusters, resamples, seed), n=images)
    several = len(codebook) > 1
    grouped = kmeans2(values, len(codebook), minit="++", seed=seed)[1] if several else None
    nearest = np.sqrt(np.mean(np.sum((values - codebook[sample.codes]) ** 2, 1)))
    between = cdist(codebook, codebook)[np.triu_indices(len(codebook), 1)]
    return CodebookMapResult(
        len(values),
        images,
        len(codebook),
        len(np.unique(sample.codes)),
        separated,
        _quantiles(chance[0]),
        None if grouped is None else _mean(silhouettes(distances, grouped.astype(np.int64))),
        None if flat is None else _mean(silhouettes(flat, sample.codes)),
        float(np.median(chance[1])) if flat is not None and len(chance[1]) else None,
        float(between.min() / nearest) if several and nearest > 0 else None,
        _cosine(codebook - values.mean(0)),
        effective_rank(codebook - codebook.mean(0)),
        next((one.explained for one in embeddings if one.method == "pca"), None),
    )


def silhouettes(distances: Array, labels: NDArray[np.int64]) -> Array | None:
    """(T,) of tokens with distances (T, T) and groups (T,): (b - a) / max(a, b), 0 alone in a group; None of one group.

    a is the mean distance to the others of its group, b the least mean distance to another group.
    """
    names, places = np.unique(labels, return_inverse=True)
    if len(names) < 2:
        return None
    members = np.eye(len(names))[places.reshape(-1)]
    counts = members.sum(0)
    sums = distances @ members
    rows = np.arange(len(labels))
    size = counts[places.reshape(-1)]
    within = sums[rows, places.reshape(-1)] / np.maximum(size - 1, 1)
    means = sums / counts
    means[rows, places.reshape(-1)] = np.inf
    other = means.min(1)
    largest = np.maximum(within, other)
    found: Array = np.divide(other - within, largest, out=np.zeros(len(labels)), where=(size > 1) & (largest > 0))
    return found


def effective_rank(values: Array) -> int:
    """How many singular values hold 99 % of their squares' sum; 0 of zeros."""
    energies = np.linalg.svd(values, compute_uv=False) ** 2
    total = energies.sum()
    return 0 if total <= 0 else int(np.searchsorted(np.cumsum(energies) / total, _ENERGY - 1e-12) + 1)


def _by_chance(values: Array, spaces: list[Array], count: int, seed: int) -> list[list[float]]:
    """Mean silhouettes in each space of groups about tokens that were picked by chance."""
    stream = np.random.default_rng(seed)
    found: list[list[float]] = [[] for _ in spaces]
    for _ in range(_CHANCES):
        picked = stream.choice(len(values), min(count, len(values)), replace=False)
        labels = cdist(values, values[picked]).argmin(1)
        for kept, space in zip(found, spaces, strict=True):
            mean = _mean(silhouettes(space, labels))
            if mean is not None:
                kept.append(mean)
    return found


def _mean(values: Array | None) -> float | None:
    return None if values is None else float(values.mean())


def _quantiles(values: list[float]) -> tuple[float, float, float] | None:
    if not values:
        return None
    low, middle, high = (float(value) for value in np.percentile(values, (2.5, 50, 97.5)))
    return low, middle, high


def _cosine(codes: Array) -> float | None:
    """Largest cosine of two rows (M, D); None of fewer than two."""
    norms = np.linalg.norm(codes, axis=1, keepdims=True)
    if len(codes) < 2 or (norms == 0).any():
        return None
    cosines = (codes / norms) @ (codes / norms).T
    return float(cosines[np.triu_indices(len(codes), 1)].max())
