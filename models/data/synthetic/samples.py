"""One picture with the truth about it, and many of them as arrays.

Shapes: N images, S pixels a side, K groups, G localizable groups, 14 x 14 patches.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from models.data.records import SplitName
from models.data.synthetic.catalogue import Catalogue
from models.data.synthetic.processes import in_processes

PATCHES = 14
_Piece = tuple[NDArray[np.uint8], int, NDArray[np.int64], NDArray[np.float32], NDArray[np.float32] | None]


@dataclass(frozen=True, eq=False)
class SyntheticSample:
    """One picture and the truth about it.

    Attributes:
        image: (S, S, 3) uint8 RGB.
        class_index: in the order of the classes.
        options: (K,) int64, option within each group.
        masks: (S, S) bool by localizable group key.
        lesion: (S, S) bool, the whole lesion, where the set draws it; all False where the picture has none.
    """

    image: NDArray[np.uint8]
    class_index: int
    options: NDArray[np.int64]
    masks: dict[str, NDArray[np.bool_]]
    lesion: NDArray[np.bool_] | None = None


class Renderer(Protocol):
    """Draws one picture: a pure function of its arguments. Picklable."""

    def __call__(
        self, split: SplitName, index: int, size: int = 224, class_index: int | None = None
    ) -> SyntheticSample:
        """Draws picture ``index`` of a split, (S, S)."""
        ...


@dataclass(frozen=True, eq=False)
class SyntheticArrays:
    """A split as arrays.

    Attributes:
        images: (N, S, S, 3) uint8.
        classes: (N,) int64.
        options: (N, K) int64, option within each group.
        masks: (N, G, 14, 14) float32, share of each patch that the group's mask covers.
        lesion: (N, 14, 14) float32, share of each patch that the lesion covers, where the set draws its mask.
    """

    images: NDArray[np.uint8]
    classes: NDArray[np.int64]
    options: NDArray[np.int64]
    masks: NDArray[np.float32]
    lesion: NDArray[np.float32] | None = None


def synthesize_with(
    render: Renderer,
    catalogue: Catalogue,
    tasks: tuple[SplitName, int, int],
    workers: int | None,
    progress: Callable[[int, int], None] | None,
) -> SyntheticArrays:
    """Draws the first pictures of a split; the result does not depend on the number of workers.

    Args:
        render: draws one.
        catalogue: of the set.
        tasks: the split, N and S.
        workers: processes; as many as there are processors when None, none besides this one when 1.
        progress: called with (done, all).

    Returns:
        The arrays.

    Raises:
        ValueError: if the count or ``workers`` is less than 1.
    """
    split, count, size = tasks
    if count < 1:
        raise ValueError(f"count is {count}; expected 1 or more")
    images = np.empty((count, size, size, 3), np.uint8)
    classes = np.empty(count, np.int64)
    options = np.empty((count, len(catalogue.option_keys)), np.int64)
    masks = np.empty((count, len(catalogue.localizable), PATCHES, PATCHES), np.float32)
    lesions = []
    draw = partial(_draw, render)
    for index, piece in enumerate(in_processes(draw, [(split, index, size) for index in range(count)], workers)):
        images[index], classes[index], options[index], masks[index], lesion = piece
        if lesion is not None:
            lesions.append(lesion)
        if progress is not None:
            progress(index + 1, count)
    return SyntheticArrays(images, classes, options, masks, np.stack(lesions) if lesions else None)


def patch_shares(sample: SyntheticSample) -> NDArray[np.float32]:
    """Share of each patch that each mask covers, (G, 14, 14), in the order of the sample's masks."""
    return np.stack([_shares(mask) for mask in sample.masks.values()])


def _shares(mask: NDArray[np.bool_]) -> NDArray[np.float32]:
    shares = cv2.resize(mask.astype(np.float32), (PATCHES, PATCHES), interpolation=cv2.INTER_AREA)
    return shares.astype(np.float32, copy=False)


def _draw(render: Renderer, task: tuple[SplitName, int, int]) -> _Piece:
    sample = render(*task)
    lesion = None if sample.lesion is None else _shares(sample.lesion)
    return sample.image, sample.class_index, sample.options, patch_shares(sample), lesion
