"""Kept while images pass: the patches nearest to each code, and a sample of tokens.

Shapes: B images, L patches, D token width, M codes.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from models.diagnose.results import NearPatch


class NearestPatches:
    """The patches nearest to each code, at most one of an image, so that a wall of crops shows different images.

    Args:
        codes: M.
        count: kept per code.
    """

    def __init__(self, codes: int, count: int) -> None:
        self._count = count
        self._distance = np.empty((codes, 0), np.float32)
        self._row, self._patch = (np.empty((codes, 0), np.int64) for _ in range(2))

    def add(self, first: int, distances: NDArray[np.float32]) -> None:
        """Takes note of images ``first`` to ``first + B - 1``, with the distances (B, L, M) of patches to codes."""
        rows = np.broadcast_to(np.arange(first, first + len(distances)), (distances.shape[2], len(distances)))
        distance = np.concatenate([self._distance, distances.min(1).T], 1)
        row = np.concatenate([self._row, rows], 1)
        patch = np.concatenate([self._patch, distances.argmin(1).T], 1)
        order = np.argsort(distance, axis=1, kind="stable")[:, : self._count]
        self._distance, self._row, self._patch = (np.take_along_axis(kept, order, 1) for kept in (distance, row, patch))

    def of(self, code: int) -> list[NearPatch]:
        """The nearest first."""
        return [
            NearPatch(row=int(row), patch=int(patch), distance=float(distance))
            for row, patch, distance in zip(self._row[code], self._patch[code], self._distance[code], strict=True)
        ]


class TokenSample:
    """A sample of all tokens, drawn before the first is seen.

    Args:
        images: N.
        patches: L.
        count: how many tokens to keep, about.
        stream: source of randomness.
    """

    def __init__(self, images: int, patches: int, count: int, stream: np.random.Generator) -> None:
        self._patches = patches
        everything = images * patches
        # With fewer tokens than wanted all are kept; drawn with replacement otherwise, so that no list of all is made.
        drawn = np.arange(everything) if everything <= count else stream.integers(0, everything, count)
        self.places = np.unique(drawn)
        self._kept: list[NDArray[np.float32]] = []
        self._codes: list[NDArray[np.int64]] = []

    def add(self, first: int, tokens: NDArray[np.float32], index_map: NDArray[np.int64]) -> None:
        """Takes note of the images from ``first`` on: tokens (B, L, D) and their nearest codes (B, L)."""
        start, stop = np.searchsorted(self.places, [first * self._patches, (first + len(tokens)) * self._patches])
        own = self.places[start:stop] - first * self._patches
        self._kept.append(tokens.reshape(-1, tokens.shape[-1])[own])
        self._codes.append(index_map.reshape(-1)[own])

    def add_all(self, tokens: NDArray[np.float32], codes: NDArray[np.int64]) -> None:
        """Takes a sample as it was kept: tokens (T, D) and their nearest codes (T,), in the order of ``places``."""
        self._kept.append(tokens)
        self._codes.append(codes)

    @property
    def tokens(self) -> NDArray[np.float32]:
        """(T, D)."""
        return np.concatenate(self._kept)

    @property
    def codes(self) -> NDArray[np.int64]:
        """(T,) nearest code."""
        return np.concatenate(self._codes)

    @property
    def rows(self) -> NDArray[np.int64]:
        """(T,) image."""
        return self.places // self._patches

    @property
    def patch(self) -> NDArray[np.int64]:
        """(T,) patch in the image."""
        return self.places % self._patches
