"""Which stage a training is in, for those who watch it, and how long each took."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from models.train.monitor import counting

Staged = Callable[[str, int, int], None]


def silent(_stage: str, _done: int, _total: int) -> None:
    """Tells nobody."""


@dataclass(frozen=True)
class Stages:
    """Tells of the stages of one training.

    Attributes:
        staged: called with the stage ("Images", "Measuring"), and how many of how many images (or splits) are done.
        console: shows bars where standard error is a terminal.
        seconds: that each stage took, by name.
    """

    staged: Staged = silent
    console: bool = False
    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def images(self, name: str) -> Iterator[Callable[[int, int], None]]:
        """What is to be called with (done, all) images of a split while they are drawn or decoded.

        Args:
            name: of the split.
        """
        with self.timed("images"), counting(f"{name} images", console=self.console) as shown:

            def tell(done: int, total: int) -> None:
                if shown is not None:
                    shown(done, total)
                self.staged("Images", done, total)

            yield tell

    @contextmanager
    def timed(self, name: str) -> Iterator[None]:
        """Adds what the block takes to the seconds of a stage."""
        start = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - start
