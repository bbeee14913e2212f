"""Times of things that take turns, so that whatever else a machine does falls on all of them."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Times:
    """Seconds of the repeats of one thing, in their order."""

    seconds: tuple[float, ...]

    @property
    def median(self) -> float:
        """Seconds."""
        return statistics.median(self.seconds)

    def quartiles(self) -> tuple[float, float]:
        """Seconds that a quarter, and three quarters, of the repeats stayed under."""
        if len(self.seconds) < 2:
            return self.seconds[0], self.seconds[0]
        low, _, high = statistics.quantiles(self.seconds, n=4, method="inclusive")
        return low, high

    def to_json(self) -> dict[str, Any]:
        """Milliseconds."""
        low, high = self.quartiles()
        return {
            "median_ms": round(self.median * 1e3, 3),
            "quartiles_ms": [round(low * 1e3, 3), round(high * 1e3, 3)],
            "repeats": len(self.seconds),
        }


def in_turns(works: Mapping[str, Callable[[], object]], repeats: int, warm: int = 2) -> dict[str, Times]:
    """Does each in turn, ``repeats`` times.

    Args:
        works: what to do, by name.
        repeats: that count.
        warm: before them, that do not.
    """
    found: dict[str, list[float]] = {name: [] for name in works}
    for repeat in range(warm + repeats):
        for name, work in works.items():
            start = time.perf_counter()
            work()
            if repeat >= warm:
                found[name].append(time.perf_counter() - start)
    return {name: Times(tuple(seconds)) for name, seconds in found.items()}


def ratio(one: Times, other: Times) -> float:
    """Median over the turns of one's time to the other's in the same turn."""
    return statistics.median(a / b for a, b in zip(one.seconds, other.seconds, strict=True))
