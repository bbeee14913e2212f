"""Concept location metric (CLM): is the place of a concept in the strongest part of its map?

The published metric asks whether the centre pixel of a part lies in the alpha/12 most active pixels of the concept's
map, for the l most important concepts. Here a concept's place is the patch of its mask that lies nearest to the mask's
centre of mass (so that of a ring lies on the ring), the maps are Grad-CAM of the option and Magnet of its group instead
of concept activation maps, and only options that are labelled present and have a mask are ranked: what is absent has no
place. Chance is alpha/12.

Shapes: N images, K groups, O options, L patches on rows x columns.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from models.train.metrics import PATCH_COVERAGE

Array = NDArray[np.float64]
TWELFTHS = 12


def places(masks: Array) -> NDArray[np.int64]:
    """(N, K) the covered patch nearest to the centre of mass of masks (N, K, L); 0 for an empty one."""
    side = round(masks.shape[-1] ** 0.5)
    rows, columns = np.divmod(np.arange(masks.shape[-1]), side)
    total = np.maximum(masks.sum(-1), 1e-12)
    centre = [(masks * axis).sum(-1) / total for axis in (rows, columns)]
    away = (rows - centre[0][..., None]) ** 2 + (columns - centre[1][..., None]) ** 2
    nearest: NDArray[np.int64] = np.where(masks >= PATCH_COVERAGE, away, np.inf).argmin(-1)
    return nearest


def inside_strongest(maps: Array, place: NDArray[np.int64], share: float) -> Array:
    """(N, J) whether the patch is among the strongest of a map, which must be above 0 there.

    Args:
        maps: (N, J, L).
        place: (N, J).
        share: of all patches; where equal values compete for the last places, their even part of those.
    """
    value = np.take_along_axis(maps, place[..., None], -1)
    count = max(1, round(share * maps.shape[-1]))
    above, equal = (maps > value).sum(-1), (maps == value).sum(-1)
    part: Array = ((count - above) / equal).clip(0, 1)
    return np.where(value[..., 0] > 0, part, 0.0)


def location(hits: Array, importance: Array, located: NDArray[np.bool_], top: int) -> Array:
    """(N,) mean over the most important located options; NaN for an image without any.

    Args:
        hits: (N, O).
        importance: (N, O).
        located: (N, O) labelled present, with a mask.
        top: at most this many; all that there are where they are fewer.
    """
    order = np.argsort(-np.where(located, importance, -np.inf), axis=1, kind="stable")[:, :top]
    counted = np.take_along_axis(located, order, 1)
    total = counted.sum(1)
    chosen = (np.take_along_axis(hits, order, 1) * counted).sum(1)
    found: Array = np.divide(chosen, total, out=np.full(len(hits), np.nan), where=total > 0)
    return found
