"""Many pictures as arrays, drawn by several processes.

Shapes: N images, S pixels a side, K groups, G localizable groups, 14 x 14 patches.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

from models.data.synthetic.dermoscopy.options import GROUP_KEYS, LOCALIZABLE
from models.data.synthetic.dermoscopy.render import SyntheticSample, render_sample
from models.data.synthetic.dermoscopy.streams import SplitName

PATCHES = 14
_CHUNK = 8
Task = TypeVar("Task")
Result = TypeVar("Result")
_Piece = tuple[NDArray[np.uint8], int, NDArray[np.int64], NDArray[np.float32]]


@dataclass(frozen=True, eq=False)
class SyntheticArrays:
    """A split as arrays.

    Attributes:
        images: (N, S, S, 3) uint8.
        classes: (N,) int64.
        options: (N, K) int64, option within each group.
        masks: (N, G, 14, 14) float32, share of each patch that the group's mask covers.
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
    """Draws the first ``count`` pictures of a split; the result does not depend on the number of workers.

    Args:
        split: which split.
        count: N.
        size: S.
        workers: processes; as many as there are processors when None, none besides this one when 1.
        progress: called with (done, all).

    Returns:
        The arrays.

    Raises:
        ValueError: if ``count`` or ``workers`` is less than 1.
    """
    if count < 1:
        raise ValueError(f"count is {count}; expected 1 or more")
    arrays = SyntheticArrays(
        np.empty((count, size, size, 3), np.uint8),
        np.empty(count, np.int64),
        np.empty((count, len(GROUP_KEYS)), np.int64),
        np.empty((count, len(LOCALIZABLE), PATCHES, PATCHES), np.float32),
    )
    tasks = [(split, index, size) for index in range(count)]
    for index, piece in enumerate(in_processes(_draw, tasks, workers)):
        arrays.images[index], arrays.classes[index], arrays.options[index], arrays.masks[index] = piece
        if progress is not None:
            progress(index + 1, count)
    return arrays


def in_processes(function: Callable[[Task], Result], tasks: Sequence[Task], workers: int | None) -> Iterator[Result]:
    """Results of ``function`` over ``tasks`` in their order.

    Args:
        function: must be importable, as must its arguments.
        tasks: what to do.
        workers: processes; as many as there are processors when None, none besides this one when 1.

    Yields:
        A result per task.

    Raises:
        ValueError: if ``workers`` is less than 1.
        BrokenProcessPool: if a worker dies, as it does in a script without ``if __name__ == "__main__"``.
    """
    workers = _processors() if workers is None else workers
    if workers < 1:
        raise ValueError(f"workers is {workers}; expected 1 or more")
    workers = min(workers, -(-len(tasks) // _CHUNK))
    if workers <= 1:
        yield from map(function, tasks)
        return
    # Spawned, not forked: a process that holds threads of torch or BLAS may hang after a fork.
    # An executor, not a Pool: when workers cannot start it raises, where a Pool starts new ones for ever.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=context, initializer=_one_thread) as executor:
        yield from executor.map(function, tasks, chunksize=_CHUNK)


def patch_shares(sample: SyntheticSample) -> NDArray[np.float32]:
    """Share of each patch that each mask covers, (G, 14, 14)."""
    return np.stack(
        [
            cv2.resize(sample.masks[key].astype(np.float32), (PATCHES, PATCHES), interpolation=cv2.INTER_AREA)
            for key in LOCALIZABLE
        ]
    )


def _draw(task: tuple[SplitName, int, int]) -> _Piece:
    split, index, size = task
    sample = render_sample(split, index, size)
    return sample.image, sample.class_index, sample.options, patch_shares(sample)


def _one_thread() -> None:
    cv2.setNumThreads(1)


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
