"""Work over many files in processes: bounded in memory, in order, to be cancelled, and safe from files that kill.

A decoder that crashes on a damaged file takes its process with it; the file is named, and the work goes on.
"""

from __future__ import annotations

import multiprocessing
import multiprocessing.connection
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeoutError
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from typing import ParamSpec, TypeVar

import cv2

Task = TypeVar("Task")
Result = TypeVar("Result")
Arguments = ParamSpec("Arguments")

_CHUNK = 8
# Chunks per process that are done or being done and not yet taken: what bounds the memory.
_AHEAD = 3
# Below this many tasks, starting processes takes longer than the work.
_FEW = 32
_POLL_SECONDS = 0.2
_STOPPING = (signal.SIGINT, signal.SIGTERM)


class Cancelled(Exception):
    """The caller asked to stop."""


def in_order(
    function: Callable[[Task], Result],
    tasks: Sequence[Task],
    workers: int | None,
    crashed: Callable[[Task], Result],
    cancelled: Callable[[], bool] | None = None,
) -> Iterator[Result]:
    """Results of ``function`` over ``tasks`` in their order.

    Args:
        function: must be importable, as must its arguments.
        tasks: what to do.
        workers: processes; as many as there are processors when None, none besides this one when 1.
        crashed: the result for a task whose process died.
        cancelled: asked a few times a second.

    Yields:
        A result per task.

    Raises:
        Cancelled: once ``cancelled`` says so.
        ValueError: if ``workers`` is less than 1.
        RuntimeError: if processes cannot start, as in a script without ``if __name__ == "__main__"``.
    """
    if workers is not None and workers < 1:
        raise ValueError(f"workers is {workers}; expected 1 or more")
    stop = cancelled or (lambda: False)
    count = min(workers or processors(), -(-len(tasks) // _CHUNK))
    if count <= 1 or (workers is None and len(tasks) < _FEW):
        for task in tasks:
            if stop():
                raise Cancelled
            yield function(task)
        return
    chunks = deque(tasks[start : start + _CHUNK] for start in range(0, len(tasks), _CHUNK))
    while chunks:
        yield from _until_broken(function, chunks, count, stop)
        if chunks:  # the process died on one of the first chunk, or on one of a later chunk: one at a time tells
            yield from _one_by_one(function, chunks.popleft(), crashed, stop)


def processors() -> int:
    """Processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _until_broken(
    function: Callable[[Task], Result], chunks: deque[Sequence[Task]], count: int, stop: Callable[[], bool]
) -> Iterator[Result]:
    """Works off the chunks from the left; returns early, with the undone ones left, when a process dies."""
    with _executor(count) as executor:
        _check_start(executor)
        running: deque[Future[list[Result]]] = deque()
        try:
            while chunks:
                while len(running) < min(len(chunks), count * _AHEAD):
                    running.append(_submit(executor, _apply, function, chunks[len(running)]))
                results = _wait(running[0], stop)
                running.popleft()
                chunks.popleft()
                yield from results
        except BrokenProcessPool:
            return
        finally:
            executor.shutdown(wait=True, cancel_futures=True)


def _one_by_one(
    function: Callable[[Task], Result],
    chunk: Sequence[Task],
    crashed: Callable[[Task], Result],
    stop: Callable[[], bool],
) -> Iterator[Result]:
    waiting = deque(chunk)
    while waiting:
        with _executor(1) as executor:
            _check_start(executor)
            try:
                while waiting:
                    (result,) = _wait(_submit(executor, _apply, function, [waiting[0]]), stop)
                    waiting.popleft()
                    yield result
            except BrokenProcessPool:
                yield crashed(waiting.popleft())


def _executor(count: int) -> ProcessPoolExecutor:
    # Spawned, not forked: a process that holds threads of torch or BLAS may hang after a fork.
    # An executor, not a Pool: when a worker dies it raises, where a Pool waits for ever.
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(count, mp_context=context, initializer=_begin)


def _submit(
    executor: ProcessPoolExecutor,
    function: Callable[Arguments, Result],
    *args: Arguments.args,
    **kwargs: Arguments.kwargs,
) -> Future[Result]:
    """Submits; a process that is started for it never hears Ctrl-C, not even before ``_begin`` has run in it."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})  # what a started process inherits
    try:
        return executor.submit(function, *args, **kwargs)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _check_start(executor: ProcessPoolExecutor) -> None:
    try:
        with _signals_later():
            _submit(executor, os.getpid).result()
    except BrokenProcessPool as error:
        raise RuntimeError('processes cannot start; a script needs `if __name__ == "__main__":`') from error


@contextmanager
def _signals_later() -> Iterator[None]:
    """Keeps Ctrl-C and a kill until the block has ended: an executor that is half started cannot be shut down."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    came: list[int] = []
    before = {kind: signal.signal(kind, lambda number, _: came.append(number)) for kind in _STOPPING}
    try:
        yield
    finally:
        for kind, handler in before.items():
            signal.signal(kind, handler or signal.SIG_DFL)
        for number in came[:1]:
            signal.raise_signal(number)


def _wait(future: Future[list[Result]], stop: Callable[[], bool]) -> list[Result]:
    while True:
        if stop():
            raise Cancelled
        try:
            return future.result(timeout=_POLL_SECONDS)
        except FutureTimeoutError:
            if future.done():  # the task's own error, which happens to be of this type
                raise


def _apply(function: Callable[[Task], Result], chunk: Sequence[Task]) -> list[Result]:
    return [function(task) for task in chunk]


def _begin() -> None:
    cv2.setNumThreads(1)
    # Ctrl-C reaches the whole group; the parent ends the work in its own way.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()


def _end_with(sentinel: int) -> None:
    """Ends this process when its parent is gone: one that was killed cannot tell its workers."""
    multiprocessing.connection.wait([sentinel])
    os._exit(1)
