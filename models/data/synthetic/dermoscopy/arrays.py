"""Whole splits as arrays, drawn on several processes."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from models.data.synthetic.dermoscopy.labels import LOCALIZABLE
from models.data.synthetic.dermoscopy.render import SplitName, render_sample

GRID = 14
_CHUNK = 32

_Row = tuple[NDArray[np.uint8], int, NDArray[np.int64], NDArray[np.float32]]


@dataclass(frozen=True, eq=False)
class SyntheticArrays:
    """A drawn split.

    Attributes:
        images: (N, S, S, 3) uint8.
        classes: (N,) int64.
        options: (N, K) int64, option within each group.
        masks: (N, G, 14, 14) float32, share of each patch that the mask of a localizable group covers.
    """

    images: NDArray[np.uint8]
    classes: NDArray[np.int64]
    options: NDArray[np.int64]
    masks: NDArray[np.float32]


def synthesize(
    split: SplitName,
    count: int,
    size: int = 224,
    workers: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> SyntheticArrays:
    """Draws the first ``count`` images of a split.

    Args:
        split: which split.
        count: N, at least 1.
        size: S, a multiple of 14.
        workers: processes; one per core when None, none (in this process) when 0.
        progress: called with (done, all) now and then.

    Returns:
        The arrays.

    Raises:
        ValueError: if ``count`` or ``size`` is impossible.
    """
    if count < 1:
        raise ValueError(f"count must be at least 1, got {count}")
    if size % GRID:
        raise ValueError(f"size must be a multiple of {GRID}, got {size}")
    workers = (os.cpu_count() or 1) if workers is None else workers
    jobs = [(split, index, size) for index in range(count)]
    rows: list[_Row] = []
    if workers == 0:
        rows.extend(map(_draw, jobs))
    else:
        # Spawned, not forked: the caller may hold torch or database threads.
        with multiprocessing.get_context("spawn").Pool(workers, initializer=_quiet) as pool:
            for row in pool.imap(_draw, jobs, chunksize=_CHUNK):
                rows.append(row)
                if progress is not None and len(rows) % _CHUNK == 0:
                    progress(len(rows), count)
    if progress is not None:
        progress(count, count)
    images, classes, options, masks = zip(*rows, strict=True)
    return SyntheticArrays(np.stack(images), np.array(classes, np.int64), np.stack(options), np.stack(masks))


def patch_shares(mask: NDArray[np.bool_]) -> NDArray[np.float32]:
    """Share of each of the 14 x 14 patches that a mask (S, S) covers, (14, 14)."""
    side = mask.shape[0] // GRID
    return mask.reshape(GRID, side, GRID, side).mean((1, 3)).astype(np.float32)


def _draw(job: tuple[SplitName, int, int]) -> _Row:
    split, index, size = job
    sample = render_sample(split, index, size)
    masks = np.stack([patch_shares(sample.masks[group]) for group in LOCALIZABLE])
    return sample.image, sample.class_index, sample.options, masks


def _quiet() -> None:
    cv2.setNumThreads(1)
