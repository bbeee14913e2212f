"""Work spread over processes."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import TypeVar

import cv2

_CHUNK = 8
Task = TypeVar("Task")
Result = TypeVar("Result")


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


def _one_thread() -> None:
    cv2.setNumThreads(1)


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
