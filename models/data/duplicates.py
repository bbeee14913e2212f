"""Near-duplicates: the same picture under another name, stored anew, or with other labels (docs/adr/0015).

Shapes: N images, S the side of a small grey copy.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

SIDE = 64
_BLOCK = 2048


@dataclass(frozen=True)
class Match:
    """Two images that show the same, by index; a < b.

    Attributes:
        a: the one.
        b: the other.
        similarity: correlation, 1 for equal pixels.
        flipped: whether one is the mirror image of the other.
    """

    a: int
    b: int
    similarity: float
    flipped: bool = False


def small_grey(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The copy of an image, (H, W, 3) uint8, that is compared: (S, S) uint8 grey, squashed to a square."""
    small = cv2.resize(pixels, (SIDE, SIDE), interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.cvtColor(small, cv2.COLOR_RGB2GRAY))


def find_matches(
    greys: Sequence[NDArray[np.uint8]],
    digests: Sequence[str],  # noqa: ARG001 (soon)
    progress: Callable[[int, int], None] | None = None,
) -> list[Match]:
    """All near-duplicates.

    Args:
        greys: of each image, from ``small_grey``.
        digests: of the pixels of each image.
        progress: called with (done, all).
    """
    small = np.stack([cv2.resize(grey, (24, 24), interpolation=cv2.INTER_AREA) for grey in greys])
    flat = small.reshape(len(small), -1).astype(np.float32)
    flat -= flat.mean(1, keepdims=True)
    flat /= np.linalg.norm(flat, axis=1, keepdims=True) + 1e-6
    matches = []
    for start in range(0, len(flat), _BLOCK):
        similar = flat[start : start + _BLOCK] @ flat.T
        for row, column in zip(*np.nonzero(similar > 0.95), strict=True):
            if start + row < column:
                matches.append(Match(int(start + row), int(column), float(similar[row, column])))
        if progress is not None:
            progress(min(len(flat), start + _BLOCK), len(flat))
    return matches
