"""A bound on how much of something costly is done at once, and on how many requests wait for their turn."""

from __future__ import annotations

import threading
from types import TracebackType

from backend.core.errors import ServerBusy


class Slots:
    """A context manager that waits for a free slot.

    Requests that wait hold a thread each, so there may only be a few of them: the rest is told to come back.
    """

    def __init__(self, count: int, waiting: int = 32, wait_seconds: float = 30.0) -> None:
        self._slots = threading.BoundedSemaphore(count)
        self._places = threading.BoundedSemaphore(count + waiting)
        self._wait_seconds = wait_seconds

    def __enter__(self) -> None:
        if not self._places.acquire(blocking=False):
            raise ServerBusy
        if not self._slots.acquire(timeout=self._wait_seconds):
            self._places.release()
            raise ServerBusy

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._slots.release()
        self._places.release()
