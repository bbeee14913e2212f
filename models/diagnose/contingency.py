"""How often codes and regions meet in a patch, and how often they would by chance.

Shapes: B images, S sampled images, L patches, M codes, R regions.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from models.statistics import phi_coefficients


class Contingency:
    """Counts over all patches, and the maps of a sample of images for the permutation test.

    Args:
        codes: M.
        regions: R.
        sampled: (S,) ascending rows whose maps are kept.
    """

    def __init__(self, codes: int, regions: int, sampled: NDArray[np.int64]) -> None:
        self._codes, self._sampled = codes, sampled
        self._both = np.zeros((codes, regions), np.int64)
        self._code, self._region, self._patches = np.zeros(codes, np.int64), np.zeros(regions, np.int64), 0
        self._maps: list[NDArray[np.int64]] = []
        self._kept: list[NDArray[np.bool_]] = []

    def add(self, first: int, index_map: NDArray[np.int64], regions: NDArray[np.bool_]) -> None:
        """Takes note of the images from row ``first`` on.

        Args:
            first: row of the first of them.
            index_map: (B, L) nearest codes.
            regions: (B, L, R) whether the patch lies in the region.
        """
        flat, region = index_map.reshape(-1), regions.reshape(-1, regions.shape[-1])
        self._both += np.stack([np.bincount(flat[column], minlength=self._codes) for column in region.T], 1)
        self._code += np.bincount(flat, minlength=self._codes)
        self._region += region.sum(0)
        self._patches += flat.size
        start, stop = np.searchsorted(self._sampled, [first, first + len(index_map)])
        own = self._sampled[start:stop] - first
        self._maps.append(index_map[own])
        self._kept.append(regions[own])

    def phi(self) -> NDArray[np.float64]:
        """(M, R) phi coefficients over all patches; 0 where a code or a region never (or always) occurs."""
        code, region = self._code / self._patches, self._region / self._patches
        covariance = self._both / self._patches - code[:, None] * region[None]
        spread = np.sqrt((code * (1 - code))[:, None] * (region * (1 - region))[None])
        phi: NDArray[np.float64] = np.divide(covariance, spread, out=np.zeros_like(covariance), where=spread > 0)
        return phi

    def chance(self, permutations: int, stream: np.random.Generator) -> NDArray[np.float64]:
        """(M, R) p-values of the phi coefficients of the sample.

        The regions of each image are laid over the codes of another, so that what only shows that both like the same
        place in the picture does not count: ``p = (1 + #{phi_permuted >= phi}) / (1 + permutations)``.

        Args:
            permutations: how many.
            stream: source of randomness.
        """
        maps, regions = np.concatenate(self._maps), np.concatenate(self._kept)
        seen = phi_coefficients(maps, regions, self._codes)
        reached = np.zeros(seen.shape, np.int64)
        for _ in range(permutations):
            drawn = phi_coefficients(maps, regions[stream.permutation(len(regions))], self._codes)
            reached += drawn >= seen - 1e-12
        return (1 + reached) / (1 + permutations)
