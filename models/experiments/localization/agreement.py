"""How well maps agree with masks, image by image, and what follows for weights on the images.

- pointing: whether the map's maximum lies in the mask grown by one patch (Zhang et al. 2018). Where several patches
  share the maximum, the share of them that do.
- energy: share of the map's sum that lies in the mask (Wang et al. 2020).
- IoU: of the mask with the patches whose value is at least t times the map's maximum, areas taken from the share of
  each patch that the mask covers; with the one t for all images that gives the largest mean (Choe et al. 2020).

A map without a positive value has 0 of all three.

Shapes: N images, K groups, L patches on rows x columns, T thresholds, R resamples.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.train.metrics import PATCH_COVERAGE, dilate

Array = NDArray[np.float64]
THRESHOLDS = np.arange(1, 20) / 20


@dataclass(frozen=True, eq=False)
class Agreement:
    """Of maps with masks.

    Attributes:
        known: (N, K) whether the image counts for the group.
        hits: (N, K) of the pointing game, in [0, 1].
        energy: (N, K).
        overlaps: (N, K, T) IoU at each of ``THRESHOLDS``.
    """

    known: NDArray[np.bool_]
    hits: Array
    energy: Array
    overlaps: Array

    @classmethod
    def of(cls, maps: Array, masks: Array, known: NDArray[np.bool_]) -> Agreement:
        """Of maps (N, K, L), NaN where a group has none, with masks (N, K, L) that count where known (N, K).

        Raises:
            ValueError: if the shapes differ, or a map holds a negative value.
        """
        if maps.shape != masks.shape or known.shape != masks.shape[:2]:
            raise ValueError(f"expected maps and masks of one shape, got {maps.shape}, {masks.shape} and {known.shape}")
        counted = known & ~np.isnan(maps).any(-1)
        own = np.where(counted[..., None], maps, 0.0)
        if np.any(own < 0):
            raise ValueError("expected maps without negative values")
        return cls(counted, _hits(own, masks), _energy(own, masks), _overlaps(own, masks))

    def figures(self, weights: Array) -> Array:
        """(R, 3 K + 3) pointing, energy and best IoU of each group, then their means over the groups that have any.

        Args:
            weights: (R, N) how often each image counts.
        """
        counted = self.known.astype(np.float64)
        total = weights @ counted  # (R, K)
        parts = [_mean(weights, self.hits * counted, total), _mean(weights, self.energy * counted, total)]
        parts.append(self.overlap_means(weights).max(-1))
        means = [_over_groups(part) for part in parts]
        return np.concatenate([*parts, np.stack(means, 1)], 1)

    def overlap_means(self, weights: Array) -> Array:
        """(R, K, T) mean IoU at each threshold."""
        counted = self.known.astype(np.float64)
        total = weights @ counted
        every = np.tensordot(weights, self.overlaps * counted[..., None], 1)
        result: Array = np.divide(every, total[..., None], out=np.full_like(every, np.nan), where=total[..., None] > 0)
        return result

    def restricted(self, groups: NDArray[np.bool_]) -> Agreement:
        """The same with only those groups (K,) that are wanted."""
        return Agreement(self.known & groups, self.hits, self.energy, self.overlaps)


def _hits(maps: Array, masks: Array) -> Array:
    side = round(maps.shape[-1] ** 0.5)
    allowed = dilate((masks >= PATCH_COVERAGE).reshape(*masks.shape[:2], side, side)).reshape(masks.shape)
    highest = maps.max(-1, keepdims=True)
    peaks = (maps == highest) & (highest > 0)
    count = peaks.sum(-1)
    inside = (peaks & allowed).sum(-1)
    hits: Array = np.divide(inside, count, out=np.zeros(count.shape), where=count > 0)
    return hits


def _energy(maps: Array, masks: Array) -> Array:
    total = maps.sum(-1)
    shares: Array = np.divide((maps * masks).sum(-1), total, out=np.zeros(total.shape), where=total > 0)
    return shares


def _overlaps(maps: Array, masks: Array) -> Array:
    highest = maps.max(-1, keepdims=True)
    area = masks.sum(-1)
    found = np.zeros((*area.shape, len(THRESHOLDS)))
    for place, threshold in enumerate(THRESHOLDS):
        region = (maps >= threshold * highest) & (highest > 0)
        both = (masks * region).sum(-1)
        union = region.sum(-1) + area - both
        found[..., place] = np.divide(both, union, out=np.zeros(area.shape), where=union > 0)
    return found


def _mean(weights: Array, values: Array, total: Array) -> Array:
    result: Array = np.divide(weights @ values, total, out=np.full(total.shape, np.nan), where=total > 0)
    return result


def _over_groups(part: Array) -> Array:
    """(R,) mean over the groups (R, K) that are defined; NaN where none is."""
    defined = ~np.isnan(part)
    count = defined.sum(1)
    result: Array = np.divide(np.nansum(part, 1), count, out=np.full(len(part), np.nan), where=count > 0)
    return result
