"""What takes a while to compute and stays true as long as its key is the same."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Any, TypeVar, cast

from backend.core.slots import Slots

T = TypeVar("T")


class Computed:
    """What was computed last, by key. What is there is given at once, also while something else is computed.

    ``slots``: for what is as costly, but too large to keep.

    Args:
        keep: how many.
        at_once: how many are computed at the same time.
        waiting: how many may wait for their turn; others are told to come back (``ServerBusy``).
    """

    def __init__(self, keep: int = 16, at_once: int = 1, waiting: int = 8) -> None:
        self._keep = keep
        self.slots = Slots(at_once, waiting)
        self._found: OrderedDict[str, Any] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: str, make: Callable[[], T]) -> T:
        """What ``make`` gave for this key; called only when it is not there any more.

        Raises:
            ServerBusy: too many wait, or this one waited too long.
        """
        found = self._look(key)
        if found is None:
            with self.slots:
                found = self._look(key)  # whoever had the slot before may have computed the same
                if found is None:
                    found = (make(),)
                    self._remember(key, found)
        return cast("T", found[0])

    def _look(self, key: str) -> tuple[Any] | None:
        with self._lock:
            if key in self._found:
                self._found.move_to_end(key)
            return self._found.get(key)

    def _remember(self, key: str, found: tuple[Any]) -> None:
        with self._lock:
            self._found[key] = found
            while len(self._found) > self._keep:
                self._found.popitem(last=False)
