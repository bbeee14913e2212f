"""How concentrated an option's maps are, and whether they point to its mask: sums over images, one batch at a time.

Both questions are asked against chance that is computed, not drawn. With the patches of a map shuffled, its peak keeps
its share p of the map's sum and each of the other w - 1 patches of the window around it has an even part of the rest:
``p + (w - 1) / (L - 1) * (1 - p)``, with w the window's mean size over all places. And the hit rate of the maps of
*other* images is the mean over all pairs of different images, ``(sum_l H_l F_l - hits) / (n (n - 1))``, with H_l how
many maps peak at patch l and F_l how many masks allow it.

Shapes: B images, O options, L patches on rows x columns.
"""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional as F  # noqa: N812

from models.diagnose.results import Localization
from models.train.metrics import PATCH_COVERAGE, dilate

_REACH = 2  # patches on each side of the peak that belong to its window
_STRONGEST = 0.1  # share of the patches whose part of the sum is the energy


class LocalizationSums:
    """Sums over the images where an option is present.

    Args:
        options: O.
        side: rows and columns of the patch grid.
    """

    def __init__(self, options: int, side: int) -> None:
        self.side = side
        patches = side * side
        self._images, self._empty = np.zeros(options, np.int64), np.zeros(options, np.int64)
        self._sums = {name: np.zeros(options) for name in ("peak", "energy", "concentration", "shuffled")}
        self._peaks, self._allowed = (np.zeros((options, patches), np.int64) for _ in range(2))
        self._hits, self._masks = np.zeros(options, np.int64), np.zeros(options, np.int64)
        ones = torch.ones(1, 1, side, side)
        self._window = float(_box(ones).mean())

    def add(self, maps: Tensor, present: NDArray[np.bool_], masks: NDArray[np.float32] | None) -> None:
        """Takes note of some images.

        Args:
            maps: (B, O, L) not negative.
            present: (B, O) whether the option is present.
            masks: (B, O, rows, columns) share of each patch that the option's mask covers, empty where there is none.

        Raises:
            ValueError: if the maps have another size.
        """
        count, options, patches = maps.shape
        if (options, patches) != self._peaks.shape:
            raise ValueError(f"expected maps (B, {len(self._peaks)}, {self._peaks.shape[1]}), got {tuple(maps.shape)}")
        maps = maps.double().cpu()
        total = maps.sum(-1)
        seen = present & (total > 0).numpy()
        self._images += seen.sum(0)
        self._empty += (present & ~seen).sum(0)
        shares = maps / total.clamp_min(1e-300).unsqueeze(-1)
        peak, place = shares.max(-1)
        strongest = max(1, round(_STRONGEST * patches))
        windows = _box(shares.view(count, options, self.side, self.side)).flatten(2)
        around = windows.gather(-1, place.unsqueeze(-1))[..., 0]
        shuffled = peak + (self._window - 1) / max(patches - 1, 1) * (1 - peak)
        values = {
            "peak": peak * patches,
            "energy": shares.topk(strongest).values.sum(-1) * patches / strongest,
            "concentration": around,
            "shuffled": shuffled,
        }
        for name, value in values.items():
            self._sums[name] += np.where(seen, value.numpy(), 0.0).sum(0)
        if masks is not None:
            self._point(place.numpy(), seen, masks)

    def _point(self, place: NDArray[np.int64], seen: NDArray[np.bool_], masks: NDArray[np.float32]) -> None:
        count, options = place.shape
        allowed = dilate(masks >= PATCH_COVERAGE).reshape(count, options, -1)
        told = seen & allowed.any(-1)
        inside = np.take_along_axis(allowed, place[..., None], -1)[..., 0]
        self._hits += (told & inside).sum(0)
        self._masks += told.sum(0)
        self._allowed += (allowed & told[..., None]).sum(0)
        for option in range(options):
            self._peaks[option] += np.bincount(place[told[:, option], option], minlength=self._peaks.shape[1])

    def result(self, option: int) -> Localization:
        """What the sums say of one option."""
        images, masks = int(self._images[option]), int(self._masks[option])
        means = {name: float(sums[option]) / images if images else None for name, sums in self._sums.items()}
        hits = int(self._hits[option])
        others = (
            float(self._peaks[option] @ self._allowed[option] - hits) / (masks * (masks - 1)) if masks > 1 else None
        )
        centre = (self.side // 2) * self.side + self.side // 2
        return Localization(
            images=images,
            empty=int(self._empty[option]),
            **means,
            pointing=hits / masks if masks else None,
            pointing_others=others,
            pointing_centre=float(self._allowed[option, centre]) / masks if masks else None,
            masks=masks,
        )


def _box(maps: Tensor) -> Tensor:
    """(B, O, rows, columns) sums over the window around each patch."""
    width = 2 * _REACH + 1
    return F.avg_pool2d(maps, width, stride=1, padding=_REACH, divisor_override=1)
